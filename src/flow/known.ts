import { type Credentials, fingerprintOf, sameCredentials } from "../model/credentials.ts";
import { fits, type Naming } from "../model/device-name.ts";
import type { ErrorCode } from "../model/errors.ts";
import type { Intent, Journal } from "../model/journal.ts";
import type { ConfiguredCredentials } from "../model/thermal-config.ts";

/** Everything that the judgement rests on: what the files say, and what this run has learnt so far. */
export interface Known {
  readonly naming: Naming;
  /** The journal of the server that `provision.json` names. */
  readonly journal: Journal;
  /** The credentials in `thermal_config.json`, whosever they are. */
  readonly configured: ConfiguredCredentials | undefined;
  /** Whether those are for this server and this provisioning key. */
  readonly configuredHere: boolean;
  /** What `provision.json` says to log in with: credentials known in advance. */
  readonly inAdvance: Credentials | undefined;
  readonly newIdentity: boolean;
  /** There is no provisioning key any more: what is there can be proved, and nothing new be asked for. */
  readonly isWiped?: boolean;
  /** There never was one: the server makes the device when it sees the camera's certificate. */
  readonly isWithoutKey?: boolean;
  /** Something is unfinished for a server of another name, which may be this one. */
  readonly isUnfinishedElsewhere?: boolean;
  /** A run of `--wait` before this one failed: patience is spent between the runs by now. */
  readonly isLaterRound?: boolean;
  readonly run: Run;
}

/** What happened since the run began. */
export interface Run {
  /** The server may have a device of ours: probe before anything else. */
  readonly doubt: boolean;
  /** How the credentials in the configuration fare: nothing to ask, not asked yet, refused once, refused twice. */
  readonly existing: "none" | "unasked" | "refused once" | "refused";
  /** The configuration was read again just before the first request. */
  readonly lookedAgain: boolean;
  /** The server was looked at, and it is known whether another name has led to it. */
  readonly recognised: boolean;
  /** Requests for the present intent. */
  readonly requests: number;
  /** FAILURE answers to the present intent. */
  readonly failures: number;
  /** The server said SUCCESS in this run: its credentials are the ones, they only want proof. */
  readonly granted: boolean;
  /** The present name is taken: the next one, please. */
  readonly nextName: boolean;
  /** Waits that were spent on the present intent, or on the proof of what was granted. */
  readonly waits: number;
  readonly waitDue: boolean;
  /** A wait has passed since the last request. */
  readonly waited: boolean;
  /** Why the last try was in vain: the error of the run if patience ends here. */
  readonly setback: ErrorCode;
  readonly proof: Proof | undefined;
  /** Whether the server has said that the credentials known in advance are those of the device with this name. */
  readonly claim: "unasked" | "made" | "open";
  /** An end that only a person can change. */
  readonly end: ErrorCode | undefined;
}

/** Credentials that the server may know, and where the camera has them from. */
export interface Candidate {
  readonly origin: "received" | "known in advance" | "intent" | "configured";
  readonly credentials: Credentials;
  readonly deviceName: string;
  readonly deviceId: string | null;
}

/** A candidate that the server accepted and answered. */
export interface Proof {
  readonly candidate: Candidate;
  readonly deviceId: string | null;
}

export function begin(facts: Omit<Known, "run">): Known {
  const { journal } = facts;
  const run: Run = {
    doubt: holdsAnything(journal),
    existing: existingIn(facts),
    lookedAgain: false,
    recognised: false,
    requests: 0,
    failures: 0,
    granted: false,
    nextName: false,
    waits: 0,
    waitDue: false,
    waited: false,
    setback: "CONNECTION_LOST",
    proof: undefined,
    claim: "unasked",
    end: undefined,
  };
  return { ...facts, run };
}

/** Whether the server may have a device of this journal. */
export function holdsAnything({ intents, received }: Journal): boolean {
  return intents.length > 0 || received.length > 0;
}

/**
 * Whether the credentials in the configuration must be asked about. An intent remembers which ones it is to replace;
 * others than those were written meanwhile, by another run that the lock did not stop.
 */
export function existingIn({ journal, configured, configuredHere, newIdentity }: Omit<Known, "run">): Run["existing"] {
  if (configured === undefined || !configuredHere) return "none";
  const intent = journal.intents.at(-1);
  if (intent === undefined) return newIdentity ? "none" : "unasked";
  // Also when the intent is to replace these very ones: it may have been made for a key that was mistyped.
  const replacesThem = intent.replaces === fingerprintOf(configured.credentials);
  return (newIdentity || intent.newIdentity) && replacesThem ? "none" : "unasked";
}

/** The intent that the run is about: the last one, unless `provision.json` now wants another name. */
export function presentIntent({ journal, naming }: Known): Intent | undefined {
  const last = journal.intents.at(-1);
  return last !== undefined && fits(last.deviceName, naming) ? last : undefined;
}

/** Whether the configuration carries an attempt of this journal: the work is done, only the tidying is left. */
export function isCommitted({ journal, configured }: Known): boolean {
  const attemptId = configured?.attemptId;
  if (attemptId === undefined || attemptId === null) return false;
  return [...journal.intents, ...journal.received].some((record) => record.attemptId === attemptId);
}

/**
 * The credentials known in advance; those that the server has revoked are never offered again
 * (docs/architecture.md#a-camera-that-was-provisioned-before).
 */
export function offeredInAdvance({ inAdvance, configured, run }: Known): Credentials | undefined {
  const revoked = run.existing === "refused" ? configured?.credentials : undefined;
  return inAdvance !== undefined && revoked !== undefined && sameCredentials(revoked, inAdvance)
    ? undefined
    : inAdvance;
}

/**
 * All credentials that the server may know as this camera's, in the order in which to ask. Received ones that the
 * camera did not offer are those of a device registered beforehand, or were sent to us by mistake and are another
 * device's. If the server accepts ours as well, it was a mistake, so ours are probed first.
 */
export function candidates(known: Known): readonly Candidate[] {
  const { journal, run } = known;
  const ours = ownCandidates(known);
  // What contradicted credentials known in advance is the device's of that name, and of no other.
  const received = journal.received.findLast(
    ({ contradicts, deviceName }) => contradicts === null || fits(deviceName, known.naming),
  );
  if (received === undefined) return ours;
  const granted: Candidate = { origin: "received", ...received };
  const others = ours.filter(({ credentials }) => !sameCredentials(credentials, granted.credentials));
  if (others.length === ours.length) return [...ours, granted];
  return run.granted ? [granted] : [granted, ...others];
}

/** What the camera may have offered: the credentials known in advance, and those that it made. */
function ownCandidates(known: Known): readonly Candidate[] {
  const { journal, naming } = known;
  const found: Candidate[] = [];
  const inAdvance = offeredInAdvance(known);
  if (inAdvance !== undefined && naming.kind === "fixed") {
    found.push({ origin: "known in advance", credentials: inAdvance, deviceName: naming.name, deviceId: null });
  }
  const intent = journal.intents.at(-1);
  if (
    intent !== undefined &&
    !isAnothers(journal, intent.credentials) &&
    !found.some(({ credentials }) => sameCredentials(credentials, intent.credentials))
  ) {
    const { credentials, deviceName, knownInAdvance } = intent;
    found.push({ origin: knownInAdvance ? "known in advance" : "intent", credentials, deviceName, deviceId: null });
  }
  return found;
}

/** Whether a person named these credentials, now or when they were written down. */
export function isKnownInAdvance({ inAdvance, journal }: Known, credentials: Credentials): boolean {
  const isThese = (other: Credentials) => sameCredentials(other, credentials);
  if (inAdvance !== undefined && isThese(inAdvance)) return true;
  return journal.intents.some((intent) => intent.knownInAdvance && isThese(intent.credentials));
}

/** Whether the server has said since that these credentials, written down as the camera's, are another device's. */
export function isAnothers({ received }: Journal, credentials: Credentials): boolean {
  const fingerprint = fingerprintOf(credentials);
  return received.some(({ contradicts }) => contradicts === fingerprint);
}

/** The credentials in the configuration as a candidate. */
export function configuredCandidate({ credentials, deviceName, deviceId }: ConfiguredCredentials): Candidate {
  return { origin: "configured", credentials, deviceName, deviceId };
}
