// npm run conformance: plays recorded provisioning against a server and prints what was the same and what differed.
// TB_HOST, TB_PORT, TB_KEY and TB_SECRET name a real server; without them it is the simulator. docs/simulator.md has
// what to set up.
import { randomBytes } from "node:crypto";
import { cases, claims } from "../test/conformance/cases.ts";
import { play } from "../test/conformance/play.ts";
import { targetOf } from "../test/conformance/target.ts";
import { committedRecordings } from "../test/transcripts/data.ts";
import { recordingOf } from "../test/transcripts/recording.ts";

const recordings = new Map(
  committedRecordings("4.3.1.3").flatMap((one) => ("other" in one ? [] : [[one.case, recordingOf(one)] as const])),
);
await using target = await targetOf(process.env);
let same = 0;
let different = 0;
for (const name of [...cases, ...(target.claims === undefined ? [] : claims)]) {
  const recording = recordings.get(name);
  if (recording === undefined) throw new Error(`There is no recording ${name}.`);
  const found = await play(recording, target, randomBytes(4).toString("hex")).catch(String);
  if (found === undefined) same++;
  else different++;
  process.stdout.write(`${name}\t${found ?? "same"}\n`);
}
process.stdout.write(`${target.name} against ThingsBoard 4.3.1.3: ${same} same, ${different} different\n`);
process.exitCode = different === 0 ? 0 : 1;
