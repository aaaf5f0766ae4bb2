import type { Known } from "../../../src/flow/known.ts";
import { type Credentials, fingerprintOf } from "../../../src/model/credentials.ts";
import type { Naming } from "../../../src/model/device-name.ts";
import type { Intent, Received } from "../../../src/model/journal.ts";
import type { ConfiguredCredentials } from "../../../src/model/thermal-config.ts";
import { token } from "../../model/tokens.ts";
import { remembered } from "../harness/remembered.ts";

/**
 * A world small enough to be walked completely: one camera's disk, a server or two, one or two runs of the program, and
 * what can go wrong. Everything is a plain value, and nothing is ever changed: a world shares with the one before it
 * what stayed the same.
 *
 * It has no clock that could go back: `decide` and `accept` read no moment, neither from a clock nor from a record; one
 * that is read here throws. What the clock does to backups, records and waits is played with the whole program, in
 * `memory-disk` and `holder`.
 */
export interface World {
  readonly disk: Disk;
  /** The second one only where an administrator sends the camera from one to the other. */
  readonly servers: readonly Server[];
  /** The name of a server in provision.json: where there is one server, the second name is another one of its own. */
  readonly order: number;
  /** Whether the administrator may write the server's name in another way. */
  readonly hasOtherName: boolean;
  /** Whether provision.json has a key that no server knows. */
  readonly mistyped: boolean;
  /** The token that provision.json names as known in advance; null for none. */
  readonly given: string | null;
  /** The runs that are under way; the second one only where the lock is taken to have failed. */
  readonly runs: readonly (Run | undefined)[];
  /** It is a fault once; from then on a second run may start beside any first one. */
  readonly lockFailed: boolean;
  /** How many faults may still happen. */
  readonly faults: number;
  /** Secrets made so far, so that each attempt has one of its own. */
  readonly secrets: number;
  /** Names made so far. */
  readonly names: number;
  /** Another program has edited the configuration so often. */
  readonly edits: number;
  /** How often the server said something untrue about us: FAILURE for a hiccup, or "refused" of what it knows. */
  readonly misled: number;
}

/** The entries of the folder, as a program sees them. */
export interface Folder {
  readonly trigger: "waiting" | "processed" | "none";
  readonly config: Config;
  /** The backups' contents. */
  readonly backups: readonly string[];
  readonly intents: readonly StoredIntent[];
  readonly received: readonly StoredReceived[];
  readonly sent: readonly StoredSent[];
}

export interface Config {
  readonly token: string | null;
  /** The server that it is for. */
  readonly host: number;
  readonly attempt: string | null;
  readonly edits: number;
  /** What it replaced, as a backup must hold it; null: it is the first one. */
  readonly over: string | null;
}
export interface StoredIntent {
  readonly host: number;
  readonly number: number;
  readonly attempt: string;
  readonly name: string;
  readonly token: string;
  readonly replaces: string | null;
  readonly knownInAdvance: boolean;
}
export interface StoredReceived {
  readonly host: number;
  readonly number: number;
  readonly attempt: string;
  readonly name: string;
  readonly token: string;
  /** The token known in advance that the server had let in before it gave this one. */
  readonly contradicts: string | null;
}

/** Where a request of the journal of `host` went: the server itself, whatever its name. */
export interface StoredSent {
  readonly host: number;
  readonly server: number;
}

/** One change of the folder that a power cut may undo as long as it was not synced. */
export type Change =
  | { readonly put: "intent"; readonly value: StoredIntent }
  | { readonly put: "received"; readonly value: StoredReceived }
  | { readonly put: "sent"; readonly value: StoredSent }
  | { readonly put: "config"; readonly value: Config }
  | { readonly put: "backup"; readonly value: string }
  | { readonly drop: "intents" | "received" | "sent"; readonly host: number }
  | { readonly drop: "trigger" }
  | { readonly put: "processed" };

export interface Disk {
  /** What a power cut leaves for certain. */
  readonly durable: Folder;
  /** What was done since, in order, and not synced. */
  readonly unsynced: readonly Change[];
}

export interface Device {
  readonly name: string;
  readonly token: string;
  readonly ours: boolean;
  /** The camera was provisioned elsewhere since: another order began. */
  readonly retired?: true;
  /** The program has said that it leaves this device behind (DEVICE_LEFT_BEHIND). */
  readonly leftBehind?: true;
}

export interface Server {
  readonly devices: readonly Device[];
  /** Requests that the server took and has not carried out: it may do so at any time. */
  readonly late: readonly { readonly name: string; readonly token: string }[];
  /** Whether the secret of provision.json is the profile's. */
  readonly secretIsRight: boolean;
  readonly strategy: "allow-create" | "pre-provisioned, repeated" | "pre-provisioned, once";
  readonly claimed: boolean;
  /** Whether it may refuse every device for a while, as a limit of licences or a block of addresses does; and does so. */
  readonly lock?: "possible" | "closed";
}

/** What a run does next with the folder or the network, and what it learns when all of that is done. */
export type Act =
  | { readonly act: "change"; readonly change: Change }
  /** What these write depends on the folder at that moment: another program may have edited the configuration. */
  | { readonly act: "backup" }
  /** `saved` is what this run has backed up: what it is about to replace must still be that. */
  | {
      readonly act: "write config";
      readonly token: string;
      readonly host: number;
      readonly attempt: string;
      readonly saved: string | null;
    }
  | { readonly act: "sync" }
  | { readonly act: "end"; readonly with: string };

export interface Run {
  /** What provision.json said when it began, whatever it says by now. */
  readonly host: number;
  readonly mistyped: boolean;
  readonly known: Known;
  readonly queue: readonly Act[];
}

export function apply(folder: Folder, change: Change): Folder {
  if ("drop" in change) {
    if (change.drop !== "trigger") {
      return { ...folder, [change.drop]: folder[change.drop].filter(({ host }) => host !== change.host) };
    }
    return { ...folder, trigger: folder.trigger === "waiting" ? "none" : folder.trigger };
  }
  switch (change.put) {
    case "intent":
      return { ...folder, intents: [...folder.intents, change.value] };
    case "received":
      return { ...folder, received: [...folder.received, change.value] };
    case "sent":
      return { ...folder, sent: [...folder.sent, change.value] };
    case "config":
      return { ...folder, config: change.value };
    case "backup":
      return { ...folder, backups: [...folder.backups, change.value] };
    case "processed":
      return { ...folder, trigger: "processed" };
  }
}

/** The bytes of a configuration, as a backup holds them. */
export function contentOf({ token, host, attempt, edits }: Config): string {
  return JSON.stringify([token, host, attempt, edits]);
}

export function visible({ durable, unsynced }: Disk): Folder {
  return unsynced.reduce(apply, durable);
}

export const generated: Naming = { kind: "generated", prefix: "thermal-camera" };
export const fixed: Naming = { kind: "fixed", name: "thermal-camera-FIXED0" };
const hostNames = ["server.example", "another.example"];

/** In every record: everybody who looks at it, looks at the time. */
const unreadMoment = new Proxy(new Date(0), {
  get(_, property) {
    throw new Error(`the judgement looks at the time: ${String(property)}`);
  },
});

const tokens = new Map<string, Credentials>();
const fingerprints = new Map<string, string>();

/** One object for each text: a million states would make too many. */
export function credentialsOf(text: string): Credentials {
  const known = tokens.get(text) ?? token(text);
  tokens.set(text, known);
  return known;
}

function fingerprint(text: string): string {
  const known = fingerprints.get(text) ?? fingerprintOf(credentialsOf(text));
  fingerprints.set(text, known);
  return known;
}

function hostName(host: number): string {
  return hostNames[host] ?? "";
}

/** Whom this secret is for: the camera's own ones say so, all others are the first server's. */
export function madeFor(token: string): number {
  return token.startsWith("own") ? Number(token.at(-1)) : 0;
}

export const intentOf = remembered(
  ({ host, number, attempt, name, token, replaces, knownInAdvance }: StoredIntent): Intent => ({
    number,
    attemptId: attempt,
    host: hostName(host),
    deviceName: name,
    credentials: credentialsOf(token),
    replaces: replaces === null ? null : fingerprint(replaces),
    knownInAdvance,
    newIdentity: false,
    body: null,
    createdAt: unreadMoment,
  }),
);

export const receivedOf = remembered(
  ({ number, attempt, name, token, contradicts: other }: StoredReceived): Received => {
    const credentials = credentialsOf(token);
    const contradicts = other === null ? null : fingerprint(other);
    const record = { number, attemptId: attempt, deviceName: name, credentials, deviceId: null, contradicts };
    return { ...record, receivedAt: unreadMoment };
  },
);

export const configuredOf = remembered(({ token, host, attempt }: Config): ConfiguredCredentials | undefined => {
  if (token === null) return undefined;
  return {
    host: hostName(host),
    serverPort: 1883,
    body: null,
    useSsl: false,
    credentials: credentialsOf(token),
    deviceName: "thermal-camera-OLD000",
    deviceId: null,
    provisionedAt: unreadMoment,
    provisionedWith: "key",
    attemptId: attempt,
  };
});

export function spend(world: World, really = true): World {
  return really ? { ...world, faults: world.faults - 1 } : world;
}

export function mislead(world: World): World {
  return { ...spend(world), misled: world.misled + 1 };
}

/** The place in `servers` to which this name leads. */
export function placeOf({ servers }: Pick<World, "servers">, host: number): number {
  return host % servers.length;
}

/** The server that has this name. */
export function serverOf(world: Pick<World, "servers">, host: number): Server {
  const server = world.servers[placeOf(world, host)];
  if (server === undefined) throw new RangeError(`there is no server ${host}`);
  return server;
}

export function withServer(world: World, host: number, server: Server): World {
  return { ...world, servers: world.servers.map((other, at) => (at === placeOf(world, host) ? server : other)) };
}

/** What `after` is when the camera, provisioned at one server `before`, is provisioned at another for good. */
export function withRetired(before: World, after: World): World {
  const { config } = before.disk.durable;
  return after.disk.durable.config.host === config.host ? after : withDevice(after, config, { retired: true });
}

/** This of the device whose credentials the configuration holds. */
export function withDevice(world: World, { token, host }: Config, changes: Partial<Device>): World {
  if (token === null) return world;
  const server = serverOf(world, host);
  const devices = server.devices.map((device) => (device.token === token ? { ...device, ...changes } : device));
  return withServer(world, host, { ...server, devices });
}

export function withRun(world: World, index: number, run: Run | undefined): World {
  return { ...world, runs: world.runs.map((other, at) => (at === index ? run : other)) };
}
