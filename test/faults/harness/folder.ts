import { lstatSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export const triggerName = "provision.txt";
export const processedName = "provision.txt.processed";
export const credentialsName = "provision.json";
export const configName = "thermal_config.json";
export const statusName = "provisioning_status.json";
export const journalName = ".thermal-provision";
export const lastSuccessName = `${journalName}/last-success.json`;

/** One name in a folder. */
export interface Entry {
  readonly kind: "file" | "folder" | "other";
  readonly mode: number;
  readonly owner: number;
  /** Of a file; empty for the rest. */
  readonly bytes: Buffer;
}

/** A camera's folder at one moment: every name in it and below, as `.thermal-provision/127.0.0.1/intent-1.json`. */
export type Folder = ReadonlyMap<string, Entry>;

export function readFolder(directory: string): Folder {
  const entries = new Map<string, Entry>();
  const walk = (folder: string) => {
    for (const name of readdirSync(join(directory, folder)).sort()) {
      const path = join(folder, name);
      const entry = entryAt(join(directory, path));
      if (entry === undefined) continue;
      entries.set(path, entry);
      if (entry.kind === "folder") walk(path);
    }
  };
  walk("");
  return entries;
}

function entryAt(path: string): Entry | undefined {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return undefined;
  const kind = stats.isFile() ? "file" : stats.isDirectory() ? "folder" : "other";
  const bytes = kind === "file" ? readFileSync(path) : Buffer.alloc(0);
  return { kind, mode: stats.mode & 0o7777, owner: stats.uid, bytes };
}

export function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The temporary files of the program's own pattern. */
export function temporaryNames(folder: Folder): readonly string[] {
  return [...folder.keys()].filter((name) => /(^|\/)\.[^/]+\.[0-9a-f]{16}\.tmp$/.test(name));
}

export function backupNames(folder: Folder): readonly string[] {
  return [...folder.keys()].filter((name) => /^thermal_config\.json\.backup\.\d+$/.test(name));
}

/** Whether two folders hold the same names with the same content and modes. */
export function sameFolder(one: Folder, other: Folder): boolean {
  if (one.size !== other.size) return false;
  return [...one].every(([name, entry]) => {
    const found = other.get(name);
    return found !== undefined && found.mode === entry.mode && found.bytes.equals(entry.bytes);
  });
}
