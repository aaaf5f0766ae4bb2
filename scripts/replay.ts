// npm run replay -- FOLDER…: plays recordings of real servers against the simulator of their version and prints a table:
// recording, what was compared, same or why not. Without a folder: the recordings of the repository.
import { committedRecordings, folderRecordings, recordedVersions } from "../test/transcripts/data.ts";
import { withoutPackets } from "../test/transcripts/explained.ts";
import { type CompactRecording, type OtherRecording, recordingOf } from "../test/transcripts/recording.ts";
import { replayAll } from "../test/transcripts/replay.ts";

const folders = process.argv.slice(2);
const all = folders.length > 0 ? folders.flatMap(folderRecordings) : recordedVersions().flatMap(committedRecordings);
const sum = { packets: 0, bytes: 0, same: 0, explained: 0, different: 0, notPlayed: 0 };

for (const version of new Set(all.map((recording) => recording.version))) {
  const here = all.filter((recording) => recording.version === version);
  const known = recordedVersions().includes(version) ? packetRecordings(committedRecordings(version)) : [];
  for (const { name, packets, bytes, differences, reason } of await replayAll(packetRecordings(here), known)) {
    const verdict = differences.length === 0 ? "same" : (reason ?? differences.join("; "));
    sum.packets += packets;
    sum.bytes += bytes;
    if (differences.length === 0) sum.same++;
    else if (reason !== undefined) sum.explained++;
    else sum.different++;
    row(version, name, `${packets} packets, ${bytes} bytes`, verdict);
  }
  for (const recording of here) {
    if (!("other" in recording)) continue;
    sum.notPlayed++;
    row(version, recording.case, "no packets", withoutPackets[recording.case] ?? "a recording of an unknown shape");
  }
}
const { packets, bytes, same, different, notPlayed } = sum;
process.stdout.write(
  `${same} same, ${sum.explained} differ for a known reason, ${different} differ, ${notPlayed} without packets; ` +
    `${packets} packets, ${bytes} bytes compared\n`,
);
process.exitCode = different === 0 ? 0 : 1;

function row(...cells: readonly string[]): void {
  process.stdout.write(`${cells.join("\t")}\n`);
}

function packetRecordings(recordings: readonly (CompactRecording | OtherRecording)[]) {
  return recordings.flatMap((recording) => ("other" in recording ? [] : [recordingOf(recording)]));
}
