// node scripts/run.mjs scripts/transcripts.ts FOLDER: brings FOLDER/<version>/<case>.json into test/transcripts/data/.
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { folderRecordings, lines } from "../test/transcripts/data.ts";

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error("Which folder has the recordings?");
for (const version of readdirSync(folder)) {
  const recordings = folderRecordings(join(folder, version));
  writeFileSync(join("test/transcripts/data", `${version}.jsonl`), lines(recordings));
  process.stdout.write(`${version}: ${recordings.length} recordings\n`);
}
