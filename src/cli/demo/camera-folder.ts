import { randomBytes } from "node:crypto";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { readBounded } from "../../files/disk/bounded-read.ts";
import { type FileSystem, nodeFileSystem as files } from "../../files/disk/file-system.ts";
import { configName, credentialsName, triggerName } from "../../files/file-names.ts";
import { UsageError } from "../command/command.ts";

/** What the demo's `thermal_config.json` has of its own; none of it may change. */
export const foreign = [
  "  // Hall 3, above the rolling mill. Ask Jana before you change the spots.",
  '    "model": "TC-640", // not ours to touch',
  `  "measurement_spots": [
    { "name": "bearing, left",  "x": 120, "y": 84,  "warn_above": 75.5 },
    { "name": "bearing, right", "x": 508, "y": 91,  "warn_above": 75.5 }, /* new since May */
  ],`,
  '  "palette": "ironbow"',
] as const;

/** A configuration as a camera may have it: with comments, trailing commas, and keys that only its owner knows. */
const exampleConfig = `{
${foreign[0]}
  "device": {
${foreign[1]}
  },
${foreign[2]}
${foreign[3]}
}
`;

/** A folder as a camera has it before it is provisioned. */
export class CameraFolder {
  readonly path: string;
  readonly configBefore = exampleConfig;

  constructor(path: string, credentials: Readonly<Record<string, unknown>>) {
    this.path = path;
    files.makeFolder(path, 0o700);
    write(join(path, credentialsName), `${JSON.stringify(credentials, null, 2)}\n`);
    write(join(path, configName), this.configBefore);
    write(join(path, triggerName), "");
  }

  /** The text of a file; undefined where there is none. */
  read(name: string): string | undefined {
    const reading = readBounded(files, join(this.path, name), 1024 * 1024);
    return reading.kind === "read" ? new TextDecoder().decode(reading.bytes) : undefined;
  }

  list(): readonly string[] {
    return files.list(this.path);
  }

  get config(): string {
    return this.read(configName) ?? "";
  }

  /** The token that stands in the configuration now. */
  get token(): string {
    const [, token = ""] = /"access_token":\s*"([^"]*)"/.exec(this.config) ?? [];
    return token;
  }
}

function write(path: string, text: string): void {
  const handle = files.open(path, "create", 0o600);
  try {
    files.write(handle, new TextEncoder().encode(text), 0);
  } finally {
    files.close(handle);
  }
}

/** Where the cameras' folders are: in `keep`, which stays, or in a temporary place that goes with the demo. */
export class Place implements Disposable {
  readonly path: string;
  readonly #kept: boolean;

  /** Throws UsageError when `keep` is not empty: nothing of the user's is overwritten. */
  constructor(keep: string | undefined) {
    this.#kept = keep !== undefined;
    this.path = keep === undefined ? temporaryPath() : resolve(keep);
    const found = files.lstat(this.path);
    if (found === undefined) makeFolders(this.path);
    else if (found.kind !== "folder" || files.list(this.path).length > 0) {
      throw new UsageError(`--keep: ${keep} is there already; name a new or an empty folder`);
    }
  }

  [Symbol.dispose](): void {
    if (!this.#kept) remove(files, this.path);
  }
}

function temporaryPath(): string {
  return join(tmpdir(), `thermal-provision-demo-${randomBytes(6).toString("hex")}`);
}

function makeFolders(path: string): void {
  const parent = resolve(path, "..");
  if (files.lstat(parent) === undefined && parent !== path) makeFolders(parent);
  files.makeFolder(path, 0o700);
}

function remove(fs: FileSystem, path: string): void {
  for (const name of fs.list(path)) {
    const entry = join(path, name);
    if (fs.lstat(entry)?.kind === "folder") remove(fs, entry);
    else fs.unlink(entry);
  }
  fs.removeFolder(path);
}
