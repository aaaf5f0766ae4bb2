import type { Device, Exchange } from "../../../src/simulator/index.ts";
import type { Folder } from "./folder.ts";
import type { Shown } from "./heard.ts";

/** What must hold whatever happens: the one statement of it. Methods of test/faults judge by these numbers. */
export const invariants = {
  I1: "before the first byte of a request an intent with its name and secret is on the disk, with all its folders",
  I2: "the same name is always asked with the same bytes, and every name of a provisioning with the same secret",
  I3: "a device name is never empty and equals its own trim",
  I4: "the server gets one device of this camera at most",
  I5: "once the server has a device of ours, its secret is in a whole record or in the configuration at every instant",
  I6: "no credentials are written that the server did not accept and answer",
  I7: "the configuration is the old one to the byte, or the complete new one, in which everything foreign is kept",
  I8: "a backup, equal to the byte, precedes the replacement; one a provisioning, five at most, never the newest pruned",
  I9: "configuration before trigger before removal of the records, intents before what was received",
  I10: "what a recovery finds is synced again before it is acted on",
  I11: "no file with a secret is open to more people than the one it replaces; new ones are 0600, the journal 0700",
  I12: "a success leaves no record and no temporary file; a run that ends by itself leaves no temporary file",
  I13: "a start after success asks nobody, changes nothing and ends with 0",
  I14: "one at a time; and everything but the number of backups holds without that, too",
  I15: "a run ends within its time and uses bounded memory",
  I16: "no secret in output, parameters, status file or any file that is not meant for it",
  I17: "every reader takes any bytes and gives a value or a typed error",
  I18: "provision.json never changes; a run that fails before it asked leaves configuration, trigger and backups, too",
  I19: "what only a person can mend ends with 77 and says so; no other name is invented for a name that is given",
  I20: "a disk that is full after the answer loses nothing and ends with 75",
  I21: "TLS is verified; a wrong clock is tried again later",
  I22: "0 means that all of it is done and on the disk; every other end has a documented status",
  I23: "a sync that failed is never repeated on the same descriptor",
  I24: "no record is ever written over or renamed over",
  R: "three starts after the last fault are enough",
} as const;

/** Longer than any run of the faults may last, in seconds. */
export const longestRun = 90;

export type InvariantName = keyof typeof invariants;

export interface Violation {
  readonly invariant: InvariantName;
  readonly what: string;
}

/** One start of the program. */
export interface Run {
  /** What was started, for the story of a violation and to look for secrets. */
  readonly parameters: readonly string[];
  /** Null: it was killed. */
  readonly exitStatus: number | null;
  /** Standard output and standard error. */
  readonly output: string;
  readonly seconds: number;
  /** The disk was made to fail, or another start sleeps in the middle of its work: what lies there may not be its own. */
  readonly hindered: boolean;
}

/** What can be seen when a start has ended, one way or another. */
export interface Moment {
  readonly run: Run;
  readonly folder: Folder;
  /** The devices on the server, and how many packets it has seen. */
  readonly devices: readonly Device[];
  readonly heard: number;
}

/** Everything that happened to one camera. */
export interface History {
  readonly before: Folder;
  readonly devicesBefore: readonly Device[];
  readonly moments: readonly Moment[];
  /** All packets. */
  readonly heard: readonly Exchange[];
  readonly shown: Shown;
  /** Secrets besides what devices log in with. */
  readonly secrets: readonly string[];
  /** How it must end: with credentials, or with the word that a person is needed. */
  readonly end: "provisioned" | "refused" | "open";
  /** False on a file system that ignores modes. Default true. */
  readonly keepsModes?: boolean;
}
