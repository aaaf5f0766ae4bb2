import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";
import { Mistake } from "./mistake.ts";
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
  return jsonFiles(folder).map((file) => readRecording(folder, file));
}

/** A file that is not played; `foreign` when it is not a recording at all, else it should have been one. */
interface Unusable {
  readonly file: string;
  readonly reason: string;
  readonly foreign: boolean;
}

/** What a folder has: recordings, and every other `.json` file with the reason why it is none. */
export function readFolder(folder: string): {
  readonly recordings: readonly (CompactRecording | OtherRecording)[];
  readonly unusable: readonly Unusable[];
} {
  const recordings: (CompactRecording | OtherRecording)[] = [];
  const unusable: Unusable[] = [];
  for (const file of jsonFiles(folder)) {
    try {
      recordings.push(readRecording(folder, file));
    } catch (error) {
      const foreign = error instanceof v.ValiError;
      const damage = error instanceof SyntaxError ? "no JSON" : String(error);
      unusable.push({ file, reason: foreign ? "no recording: it has no server_version" : damage, foreign });
    }
  }
  return { recordings, unusable };
}

function jsonFiles(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((file) => file.endsWith(".json"))
      .toSorted();
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : error;
    throw new Mistake(`${folder} ${code === "ENOENT" ? "does not exist" : `cannot be read as a folder (${code})`}`);
  }
}

function readRecording(folder: string, file: string): CompactRecording | OtherRecording {
  return compact(file.replace(/\.json$/, ""), JSON.parse(readFileSync(join(folder, file), "utf8")));
}

/** Where the recordings lie as they came, beside a checkout of the project's neighbours; undefined elsewhere. */
export function originalFolder(version: string): string | undefined {
  const folder = join("../shared/transcripts", version);
  return existsSync(folder) ? folder : undefined;
}

export function lines(recordings: readonly (CompactRecording | OtherRecording)[]): string {
  return recordings.map((recording) => `${JSON.stringify(recording)}\n`).join("");
}
