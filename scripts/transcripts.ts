// node scripts/run.mjs scripts/transcripts.ts FOLDER [INTO]: brings FOLDER/<version>/<case>.json into INTO, which is
// test/transcripts/data by default; test/transcripts/probes has those of the probe on the short topic.
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { folderRecordings, lines } from "../test/transcripts/data.ts";

const [folder, into = "test/transcripts/data"] = process.argv.slice(2);
if (folder === undefined) throw new Error("Which folder has the recordings?");
for (const version of readdirSync(folder)) {
  const recordings = folderRecordings(join(folder, version));
  writeFileSync(join(into, `${version}.jsonl`), lines(recordings));
  process.stdout.write(`${version}: ${recordings.length} recordings\n`);
}
