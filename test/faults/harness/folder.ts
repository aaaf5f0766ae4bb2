import { createHash } from "node:crypto";
import { lstatSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { remembered } from "./remembered.ts";

export const triggerName = "provision.txt";
export const processedName = "provision.txt.processed";
export const credentialsName = "provision.json";
export const configName = "thermal_config.json";
export const statusName = "provisioning_status.json";
export const journalName = ".thermal-provision";

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

/** What a record of the journal says. Read by the rule of docs/files.md#the-journal, not by the program's own code. */
export interface JournalRecord {
  readonly name: string;
  readonly kind: "intent" | "received";
  readonly deviceName: unknown;
  readonly token: string;
}

/** The records that are whole. Those that were put aside (`host@…`) are no longer anybody's memory. */
export function recordsIn(folder: Folder): readonly JournalRecord[] {
  return recordNames(folder).flatMap((name) => {
    const bytes = folder.get(name)?.bytes;
    const body = bytes && bodyIn(bytes);
    const kind = name.includes("/intent-") ? "intent" : "received";
    const token = kind === "intent" ? body?.["token"] : body?.["access_token"];
    return typeof token === "string" ? [{ name, kind, deviceName: body?.["device_name"], token } as const] : [];
  });
}

/** Whether an intent is there for what was asked: this name with this secret. */
export function isIntended(
  folder: Folder,
  { name, token }: { readonly name: string; readonly token: string },
): boolean {
  return recordsIn(folder).some(
    (record) => record.kind === "intent" && record.deviceName === name && record.token === token,
  );
}

/** The names of records, whole or not. */
export const recordNames = remembered((folder: Folder): readonly string[] =>
  [...folder.keys()].filter((name) => /^\.thermal-provision\/[^@/]+\/(intent|received)-\d+\.json$/.test(name)),
);

/** The room for the next received record counts as one once it is filled: the next start adopts it. */
export function reservedTokens(folder: Folder): readonly string[] {
  return [...folder].flatMap(([name, { bytes }]) => {
    const token = name.endsWith("/.received.reserved") ? bodyIn(bytes)?.["access_token"] : undefined;
    return typeof token === "string" ? [token] : [];
  });
}

const bodyIn = remembered((bytes: Buffer): Readonly<Record<string, unknown>> | undefined => {
  // Room that was kept for a record and not filled to its end may read as zeros; the hash tells whether it is whole.
  const record = parse(bytes.toString("utf8").replace(/\0+$/, ""));
  if (!isObject(record) || !isObject(record["body"])) return undefined;
  const hash = createHash("sha256").update(JSON.stringify(record["body"])).digest("hex");
  return record["sha256"] === hash ? record["body"] : undefined;
});

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
