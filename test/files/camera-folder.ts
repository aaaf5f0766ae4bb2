import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import { writeIntent } from "../../src/files/journal/journal.ts";
import { unsynced } from "./disk/watched-file-system.ts";
import { intent } from "./sample.ts";

/** A folder with these files, private to one test. */
export function cameraFolder(files: Readonly<Record<string, string | Uint8Array>> = {}): string {
  const directory = mkdtempSync(join(tmpdir(), "thermal-provision-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, name)), { recursive: true });
    writeFileSync(join(directory, name), content, { mode: 0o600 });
  }
  return directory;
}

/** A folder with the first intent of `host` in its journal. */
export function folderWithIntent(): string {
  const directory = cameraFolder();
  writeIntent(unsynced, directory, intent());
  return directory;
}

/** Every file below the folder with its text, folders left out, in the order of their names. */
export function filesIn(directory: string): Record<string, string> {
  const names = readdirSync(directory, { recursive: true, encoding: "utf8" }).sort();
  const files = names.filter((name) => statSync(join(directory, name)).isFile());
  return Object.fromEntries(files.map((name) => [name, readFileSync(join(directory, name), "utf8")]));
}

export function namesIn(directory: string): readonly string[] {
  return Object.keys(filesIn(directory));
}
