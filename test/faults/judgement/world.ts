import { createHash } from "node:crypto";
import { Secret } from "../../../src/base/secret.ts";
import type { Known } from "../../../src/flow/known.ts";
import type { Naming } from "../../../src/model/device-name.ts";
import type { Intent, Received } from "../../../src/model/journal.ts";
import type { ConfiguredCredentials } from "../../../src/model/thermal-config.ts";

/**
 * A world small enough to be walked completely: one camera's disk, a server or two, one or two runs of the program, and
 * what can go wrong. Everything is a plain value, so that a state is its own JSON.
 *
 * It has no wall clock: neither `decide` nor `accept` ever sees a moment, so none that goes back can mislead them. What
 * the clock does to backups, records and waits is played with the whole program, in `memory-disk` and `holder`.
 */
export interface World {
  readonly disk: Disk;
  /** The second one only where an administrator sends the camera from one to the other. */
  readonly servers: readonly Server[];
  /** The server that provision.json names: its place in `servers`. */
  readonly order: number;
  /** The runs that are under way; the second one only where the lock is taken to have failed. */
  readonly runs: readonly (Run | undefined)[];
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
}
export interface StoredReceived {
  readonly host: number;
  readonly number: number;
  readonly attempt: string;
  readonly name: string;
  readonly token: string;
}

/** One change of the folder that a power cut may undo as long as it was not synced. */
export type Change =
  | { readonly put: "intent"; readonly value: StoredIntent }
  | { readonly put: "received"; readonly value: StoredReceived }
  | { readonly put: "config"; readonly value: Config }
  | { readonly put: "backup"; readonly value: string }
  | { readonly drop: "intents" | "received"; readonly host: number }
  | { readonly drop: "trigger" }
  | { readonly put: "processed" };

export interface Disk {
  /** What a power cut leaves for certain. */
  readonly durable: Folder;
  /** What was done since, in order, and not synced. */
  readonly unsynced: readonly Change[];
}

/** `retired`: the camera was provisioned elsewhere since, and this device's token is in a backup. */
export interface Device {
  readonly name: string;
  readonly token: string;
  readonly ours: boolean;
  readonly retired?: true;
}

export interface Server {
  readonly devices: readonly Device[];
  /** Requests that the server took and has not carried out: it may do so at any time. */
  readonly late: readonly { readonly name: string; readonly token: string }[];
  /** Whether key and secret of provision.json are the profile's. */
  readonly keyIsRight: boolean;
  readonly strategy: "allow-create" | "pre-provisioned, repeated" | "pre-provisioned, once";
  readonly claimed: boolean;
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
  /** The server that it is about, whatever provision.json says by now. */
  readonly host: number;
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
const noMoment = new Date(0);

const secrets = new Map<string, Secret>();
const fingerprints = new Map<string, string>();

/** One object for each text: a million states would make too many. */
export function secret(text: string): Secret {
  const known = secrets.get(text) ?? new Secret(text);
  secrets.set(text, known);
  return known;
}

function fingerprint(text: string): string {
  const known = fingerprints.get(text) ?? secret(text).fingerprint();
  fingerprints.set(text, known);
  return known;
}

function hostName(host: number): string {
  return hostNames[host] ?? "";
}

export function intentOf({ host, number, attempt, name, token, replaces }: StoredIntent): Intent {
  return {
    number,
    attemptId: attempt,
    host: hostName(host),
    deviceName: name,
    secret: secret(token),
    replaces: replaces === null ? null : fingerprint(replaces),
    newIdentity: false,
    createdAt: noMoment,
  };
}

export function receivedOf({ number, attempt, name, token }: StoredReceived): Received {
  const credentials = { type: "ACCESS_TOKEN", accessToken: secret(token) } as const;
  return { number, attemptId: attempt, deviceName: name, credentials, deviceId: null, receivedAt: noMoment };
}

export function configuredOf({ token, host, attempt }: Config): ConfiguredCredentials | undefined {
  if (token === null) return undefined;
  return {
    host: hostName(host),
    serverPort: 1883,
    useSsl: false,
    accessToken: secret(token),
    deviceName: "thermal-camera-OLD000",
    deviceId: null,
    provisionedAt: noMoment,
    provisionedWith: "key",
    attemptId: attempt,
  };
}

/**
 * What tells one state from another, in 20 bytes: a million whole states would not fit. Two states that differ and have
 * the same SHA-1 do not occur by chance.
 */
export function keyOf({ disk, servers, order, runs, faults, secrets, names, edits, misled }: World): string {
  const text = JSON.stringify([disk, servers, order, runs.map(runKey), faults, secrets, names, edits, misled]);
  return createHash("sha1").update(text).digest("binary");
}

/** The parts of a run that can differ within one exploration. */
function runKey(run: Run | undefined): unknown {
  if (run === undefined) return 0;
  const { journal, configured, run: learnt } = run.known;
  const { proof, ...facts } = learnt;
  return [
    run.host,
    journal.intents.map((intent) => [intent.deviceName, intent.attemptId, intent.secret.reveal(), intent.replaces]),
    journal.received.map((received) => [received.attemptId, received.credentials.accessToken.reveal()]),
    configured === undefined ? 0 : [configured.accessToken.reveal(), configured.attemptId],
    Object.values(facts),
    proof === undefined ? 0 : [proof.candidate.origin, proof.candidate.credentials.accessToken.reveal()],
    run.queue,
  ];
}

export function spend(world: World, really = true): World {
  return really ? { ...world, faults: world.faults - 1 } : world;
}

export function mislead(world: World): World {
  return { ...spend(world), misled: world.misled + 1 };
}

/** The server in this place of `servers`. */
export function serverOf({ servers }: World, host: number): Server {
  const server = servers[host];
  if (server === undefined) throw new RangeError(`there is no server ${host}`);
  return server;
}

export function withServer(world: World, host: number, server: Server): World {
  return { ...world, servers: world.servers.map((other, at) => (at === host ? server : other)) };
}

/** What `after` is when the camera, provisioned at one server `before`, is provisioned at another for good. */
export function withRetired(before: World, after: World): World {
  const { token, host } = before.disk.durable.config;
  if (token === null || after.disk.durable.config.host === host) return after;
  const server = serverOf(after, host);
  const devices = server.devices.map(
    (device): Device => (device.token === token ? { ...device, retired: true } : device),
  );
  return withServer(after, host, { ...server, devices });
}

export function withRun(world: World, index: number, run: Run | undefined): World {
  return { ...world, runs: world.runs.map((other, at) => (at === index ? run : other)) };
}
