import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";
import { type CompactRecording, compact, compactRecording, type OtherRecording, otherRecording } from "./recording.ts";

/** Relative to the repository, where tests and scripts run. */
const data = "test/transcripts/data";

/** The versions whose recordings are in the repository. */
export function recordedVersions(): string[] {
  return readdirSync(data)
    .map((file) => file.replace(/\.jsonl$/, ""))
    .toSorted();
}

export function committedRecordings(version: string): (CompactRecording | OtherRecording)[] {
  const lines = readFileSync(join(data, `${version}.jsonl`), "utf8")
    .trimEnd()
    .split("\n");
  return lines.map((line) => v.parse(v.union([compactRecording, otherRecording]), JSON.parse(line)));
}

/** The recordings of a folder as they come, by name. */
export function folderRecordings(folder: string): (CompactRecording | OtherRecording)[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith(".json"))
    .toSorted()
    .map((file) => compact(file.replace(/\.json$/, ""), JSON.parse(readFileSync(join(folder, file), "utf8"))));
}

/** Where the recordings lie as they came, beside a checkout of the project's neighbours; undefined elsewhere. */
export function originalFolder(version: string): string | undefined {
  const folder = join("../shared/transcripts", version);
  return existsSync(folder) ? folder : undefined;
}

export function lines(recordings: readonly (CompactRecording | OtherRecording)[]): string {
  return recordings.map((recording) => `${JSON.stringify(recording)}\n`).join("");
}
