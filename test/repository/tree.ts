import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";

/** Paths of everything that is, or is about to be, committed. */
export function committedFiles(): readonly string[] {
  const listed = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], { encoding: "utf8" });
  return listed.split("\n").filter((path) => path !== "" && existsSync(path));
}

/** Paths of the TypeScript files under `folders`. */
export function typeScriptFiles(...folders: readonly string[]): readonly string[] {
  return committedFiles().filter((path) => path.endsWith(".ts") && folders.includes(path.split("/")[0] ?? ""));
}

export function read(path: string): string {
  return readFileSync(path, "utf8");
}

export function readJson(path: string): unknown {
  return JSON.parse(read(path));
}
