// npm run replay -- FOLDER…: plays recordings of real servers against the simulator of their version and prints a table:
// recording, what was compared, same or why not. Without a folder: the recordings of the repository.
import { resolve } from "node:path";
import { recordedVersion } from "../src/simulator/index.ts";
import { isVersion } from "../src/simulator/server/versions.ts";
import { committedRecordings, readFolder, recordedVersions } from "../test/transcripts/data.ts";
import { withoutPackets } from "../test/transcripts/explained.ts";
import { Mistake, tellingMistakes } from "../test/transcripts/mistake.ts";
import { type CompactRecording, type OtherRecording, recordingOf } from "../test/transcripts/recording.ts";
import { replayAll } from "../test/transcripts/replay.ts";

await tellingMistakes(async () => {
  // npm changes into the repository's folder; the names are meant as they were typed.
  const folders = process.argv.slice(2).map((folder) => resolve(process.env["INIT_CWD"] ?? ".", folder));
  const read = folders.map(readFolder);
  const all =
    folders.length > 0 ? read.flatMap(({ recordings }) => recordings) : recordedVersions().flatMap(committedRecordings);
  const unusable = read.flatMap((folder) => folder.unusable);
  if (all.length + unusable.length === 0) throw new Mistake(`${folders.join(", ")}: there is no recording (*.json)`);
  const sum = { packets: 0, bytes: 0, same: 0, explained: 0, different: 0, notPlayed: 0 };

  for (const version of new Set(all.map((recording) => recording.version))) {
    const here = all.filter((recording) => recording.version === version);
    if (!isVersion(version)) {
      const reason = `${JSON.stringify(version)} is no version of a server, such as 4.3.1.3`;
      unusable.push(...here.map((recording) => ({ file: recording.case, reason, foreign: false })));
      continue;
    }
    const behavesAs = recordedVersion(version);
    if (behavesAs !== version) row(version, "-", "-", `played as ${behavesAs}`);
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
  for (const { file, reason } of unusable) row("-", file, "not played", reason);
  const { packets, bytes, same, different, notPlayed } = sum;
  process.stdout.write(
    `${same} same, ${sum.explained} differ for a known reason, ${different} differ, ${notPlayed} without packets, ` +
      `${unusable.length} not played; ${packets} packets, ${bytes} bytes compared\n`,
  );
  // A file of something else is let pass; one that should have been played, and could not be, is not.
  const whole = same + sum.explained > 0 && unusable.every(({ foreign }) => foreign);
  process.exitCode = different === 0 && whole ? 0 : 1;
});

function row(...cells: readonly string[]): void {
  process.stdout.write(`${cells.join("\t")}\n`);
}

function packetRecordings(recordings: readonly (CompactRecording | OtherRecording)[]) {
  return recordings.flatMap((recording) => ("other" in recording ? [] : [recordingOf(recording)]));
}
