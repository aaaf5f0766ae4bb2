import { createHash } from "node:crypto";
import { type Folder, isObject, lastSuccessName, parse } from "./folder.ts";
import { type Login, loginNamed } from "./login.ts";
import { remembered } from "./remembered.ts";

/** What a record of the journal says. Read by the rule of docs/files.md#the-journal, not by the program's own code. */
export interface JournalRecord {
  readonly name: string;
  readonly kind: "intent" | "received";
  readonly deviceName: unknown;
  readonly login: Login;
}

/** The records that are whole. Those that were put aside (`host@…`) are no longer anybody's memory. */
export function recordsIn(folder: Folder): readonly JournalRecord[] {
  return recordNames(folder).flatMap((name) => {
    const bytes = folder.get(name)?.bytes;
    const body = bytes && bodyIn(bytes);
    if (name.includes("/sent-")) return [];
    const kind = name.includes("/intent-") ? "intent" : "received";
    const login = loginNamed(body, folder);
    return login === undefined ? [] : [{ name, kind, deviceName: body?.["device_name"], login } as const];
  });
}

/** Whether an intent is there for what was asked: this name with this login. */
export function isIntended(
  folder: Folder,
  { name, login }: { readonly name: string; readonly login: Login | undefined },
): boolean {
  return recordsIn(folder).some(
    (record) => record.kind === "intent" && record.deviceName === name && record.login === login,
  );
}

/** The names of records, whole or not. */
export const recordNames = remembered((folder: Folder): readonly string[] =>
  [...folder.keys()].filter((name) => /^\.thermal-provision\/[^@/]+\/(intent|sent|received)-\d+\.json$/.test(name)),
);

/** The room for the next received record counts as one once it is filled: the next start adopts it. */
export function reservedLogins(folder: Folder): readonly Login[] {
  return [...folder].flatMap(([name, { bytes }]) => {
    const login = name.endsWith("/.received.reserved") ? loginNamed(bodyIn(bytes), folder) : undefined;
    return login === undefined ? [] : [login];
  });
}

/** The login in the record of the last success; undefined where there is none that is whole. */
export function lastSuccessLogin(folder: Folder): Login | undefined {
  const bytes = folder.get(lastSuccessName)?.bytes;
  const device = bytes && bodyIn(bytes)?.["device"];
  return isObject(device) ? loginNamed(device, folder) : undefined;
}

const bodyIn = remembered((bytes: Buffer): Readonly<Record<string, unknown>> | undefined => {
  // Room that was kept for a record and not filled to its end may read as zeros; the hash tells whether it is whole.
  const record = parse(bytes.toString("utf8").replace(/\0+$/, ""));
  if (!isObject(record) || !isObject(record["body"])) return undefined;
  const hash = createHash("sha256").update(JSON.stringify(record["body"])).digest("hex");
  return record["sha256"] === hash ? record["body"] : undefined;
});
