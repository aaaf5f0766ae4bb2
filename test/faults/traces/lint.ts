import { basename, dirname, join } from "node:path";
import { configName, journalName, processedName, statusName } from "../harness/folder.ts";
import type { InvariantName, Violation } from "../harness/invariants.ts";
import type { Call } from "../harness/strace/trace.ts";
import { DiskView, descriptorPath, pathsIn, unescaped } from "./disk-view.ts";

export interface Traced {
  readonly calls: readonly Call[];
  readonly directory: string;
  /** The journal's files at the start, by path; none where nothing was begun. */
  readonly found: ReadonlyMap<string, string>;
  /** The mode of the configuration before; 0600 where there was none. */
  readonly configMode: number;
  /** Whether there was a configuration to back up. */
  readonly hadConfig: boolean;
}

const record = /\/\.thermal-provision\/[^@/]+\/(intent|sent|received)-\d+\.json$/;
const backup = /\/thermal_config\.json\.backup\.\d+$/;

interface Scene extends Traced {
  /** The disk just before the call. */
  readonly disk: DiskView;
}

/** A rule: what is wrong with `call` in this scene; undefined when nothing is. */
type Rule = (call: Call, scene: Scene) => string | undefined;

/** Rules for calls that succeeded. */
const rules: readonly (readonly [InvariantName, Rule])[] = [
  [
    "I1",
    (call, scene) => {
      if (!isSending(call) || !call.text.includes("/provision/request")) return undefined;
      const wanted = namesIn(unescaped(call.text), "deviceName");
      const kept = records(scene, "intent").some((path) => {
        const named = namesIn(scene.disk.textOf(path), "device_name");
        return scene.disk.isDurable(path) && named.length === 2 && named.join() === wanted.join();
      });
      return kept ? undefined : `a request for ${wanted[0]} without a durable intent that says so`;
    },
  ],
  [
    "I1",
    (call, scene) => {
      if (!isSending(call) || !call.text.includes("/provision/request")) return undefined;
      const isNoted = records(scene, "sent").some((path) => scene.disk.isDurable(path));
      return isNoted ? undefined : "a request without a durable record of where it goes";
    },
  ],
  [
    "I10",
    (call, { found, disk }) => {
      if (!isSending(call)) return undefined;
      const path = [...found.keys()].find((each) => record.test(each) && disk.has(each) && !disk.isDurable(each));
      return path === undefined ? undefined : `${basename(path)} was found and not synced before the network`;
    },
  ],
  [
    "I5",
    (call, scene) => {
      if (!isRename(call, join(scene.directory, configName))) return undefined;
      const path = records(scene, "received").find((each) => !scene.disk.isDurable(each));
      return path === undefined ? undefined : `${basename(path)} is not durable when the configuration is replaced`;
    },
  ],
  [
    "I8",
    (call, { disk, directory, hadConfig }) => {
      if (!hadConfig || !isRename(call, join(directory, configName))) return undefined;
      const kept = disk.paths.some((path) => backup.test(path) && disk.isDurable(path));
      return kept ? undefined : "the configuration is replaced before its backup is durable";
    },
  ],
  [
    "I9",
    (call, { disk, directory }) => {
      if (!isRename(call, join(directory, processedName))) return undefined;
      const saved = disk.isDurable(join(directory, configName));
      return saved ? undefined : "the trigger is renamed before the configuration is durable";
    },
  ],
  [
    "I9",
    (call, { disk, directory }) => {
      if (removed(call) === undefined || disk.isNameDurable(join(directory, processedName))) return undefined;
      return "a record is removed before the trigger's new name is durable";
    },
  ],
  [
    "I9",
    (call, scene) => {
      const path = removed(call);
      if (path === undefined || record.exec(path)?.[1] !== "received") return undefined;
      const gone =
        records(scene, "intent").length === 0 && scene.disk.isNameDurable(join(dirname(path), "intent-1.json"));
      return gone ? undefined : "what was received is removed before the intents are durably gone";
    },
  ],
  [
    "I24",
    (call, { disk }) => {
      const [, to = ""] = pathsIn(call);
      return call.name === "rename" && record.test(to) && disk.has(to) ? `${basename(to)} is renamed over` : undefined;
    },
  ],
  [
    "I24",
    (call) => {
      const path = descriptorPath(call) ?? "";
      return call.name === "pwrite64" && record.test(path)
        ? `${basename(path)} is written after it was named`
        : undefined;
    },
  ],
  [
    "I11",
    (call, { directory, configMode }) => {
      const mode = modeOf(call);
      const path = descriptorPath(call) ?? pathsIn(call)[0] ?? "";
      if (mode === undefined || !path.startsWith(directory) || (mode & ~mostFor(path, configMode)) === 0)
        return undefined;
      return `${basename(path)} becomes ${mode.toString(8)}`;
    },
  ],
];

/**
 * Walks through the calls of one process and says where the order of saving (docs/architecture.md#the-order-of-saving)
 * is broken.
 */
export function lint(trace: Traced): readonly Violation[] {
  const scene = { ...trace, disk: new DiskView(trace.directory, trace.found) };
  const violations = [...repeatedSyncs(trace.calls)];
  for (const call of trace.calls.filter(({ result }) => !result.startsWith("-1"))) {
    for (const [invariant, rule] of rules) {
      const what = rule(call, scene);
      if (what !== undefined) violations.push({ invariant, what: `${what}, at ${call.name} ${call.nth}` });
    }
    scene.disk.apply(call);
  }
  return violations;
}

/** The kernel forgets what it could not write: a second sync of the same descriptor would lie (I23). */
function repeatedSyncs(calls: readonly Call[]): readonly Violation[] {
  const failed = new Set<string>();
  return calls.flatMap((call): readonly Violation[] => {
    const descriptor = /^\d+/.exec(call.text)?.[0] ?? "";
    if (call.name === "close") failed.delete(descriptor);
    if (call.name !== "fsync") return [];
    const repeated = failed.has(descriptor);
    if (call.result.startsWith("-1")) failed.add(descriptor);
    return repeated ? [{ invariant: "I23", what: `a sync that failed is repeated, at fsync ${call.nth}` }] : [];
  });
}

/** The name and the token that a request or an intent is about. */
function namesIn(text: string, name: string): readonly string[] {
  return [name, "token"].flatMap((key) => new RegExp(`"${key}":"([^"]*)"`).exec(text)?.[1] ?? []);
}

function records({ disk }: Scene, kind: "intent" | "sent" | "received"): readonly string[] {
  return disk.paths.filter((path) => record.exec(path)?.[1] === kind);
}

/** Standard output is a socket, too, when a test listens: descriptors up to 2 do not count. */
function isSending({ name, text }: Call): boolean {
  return name === "write" && /^([3-9]|\d\d+)<(socket|TCP)[:[]/.test(text);
}

function isRename(call: Call, to: string): boolean {
  return call.name === "rename" && pathsIn(call)[1] === to;
}

/** The record that a call removes. */
function removed(call: Call): string | undefined {
  const [path = ""] = pathsIn(call);
  return call.name === "unlink" && record.test(path) ? path : undefined;
}

/** The mode that a call gives, in whatever way. */
function modeOf({ name, text }: Call): number | undefined {
  const isGiving = (name === "openat" && text.includes("O_CREAT")) || name === "mkdir" || name === "fchmod";
  const [, digits] = (isGiving ? /, 0(\d+)$/.exec(text) : null) ?? [];
  return digits === undefined ? undefined : Number.parseInt(digits, 8);
}

function mostFor(path: string, configMode: number): number {
  if (path.endsWith(`/${journalName}`) || dirname(path).endsWith(`/${journalName}`)) return 0o700;
  if (basename(path).startsWith(`.${statusName}.`)) return 0o644;
  return /^\.?thermal_config\.json/.test(basename(path)) ? configMode : 0o600;
}

/** What a start must not do when there is nothing to do: the calls that would change a file or ask somebody. */
export function idleViolations(calls: readonly Call[], directory: string): readonly Violation[] {
  const active = calls.filter(({ name, text, result }) => {
    if (result.startsWith("-1")) return false;
    if (name === "connect" || name === "socket") return /AF_INET/.test(text);
    if (name === "openat") return text.includes(directory) && /O_(CREAT|TRUNC|WRONLY|RDWR)/.test(text);
    return text.includes(directory) && /^(mkdir|link|rename|unlink|rmdir|fchmod|fchown|pwrite64|fsync)$/.test(name);
  });
  return active.map((call) => ({ invariant: "I13", what: `${call.name}(${call.text})` }));
}
