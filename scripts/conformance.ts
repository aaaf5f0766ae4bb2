// npm run conformance: plays recordings against a server and prints what was the same and what differed. TB_HOST,
// TB_PORT, TB_KEY and TB_SECRET name a real server; without them it is the simulator. docs/simulator.md has what to set
// up.
import { randomBytes } from "node:crypto";
import { Kit } from "../test/conformance/kit.ts";
import { targetOf } from "../test/conformance/target.ts";
import { tellingMistakes } from "../test/transcripts/mistake.ts";

await tellingMistakes(async () => {
  await using target = await targetOf(process.env);
  const kit = new Kit(target, randomBytes(3).toString("hex"));
  await kit.logIn();
  let same = 0;
  let different = 0;
  for (const name of kit.names) {
    const found = await kit.play(name).catch(String);
    if (found === undefined) same++;
    else different++;
    process.stdout.write(`${name}\t${found ?? "same"}\n`);
  }
  process.stdout.write(`${target.name} against ThingsBoard 4.3.1.3: ${same} same, ${different} different\n`);
  process.exitCode = different === 0 ? 0 : 1;
});
