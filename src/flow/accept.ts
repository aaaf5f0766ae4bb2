import { sameCredentials } from "../model/credentials.ts";
import { fits } from "../model/device-name.ts";
import type { ErrorCode } from "../model/errors.ts";
import type { Intent, Journal, Received } from "../model/journal.ts";
import type { ConfiguredCredentials } from "../model/thermal-config.ts";
import { existingIn, holdsAnything, type Known, type Proof, type Run } from "./known.ts";
import { retryWaits } from "./waits.ts";

/** Everything that can come back from a step. */
export type Event =
  | { readonly event: "waited" }
  | { readonly event: "intent-written"; readonly intent: Intent }
  /** Somebody else had written an intent first: theirs counts. */
  | { readonly event: "journal-read"; readonly journal: Journal }
  /** The server was looked at before anything was written; `journal` is that of its other name, now kept here, or empty. */
  | { readonly event: "recognised"; readonly journal: Journal }
  | {
      readonly event: "looked-again";
      readonly configured: ConfiguredCredentials | undefined;
      readonly configuredHere: boolean;
    }
  /** SUCCESS, and it stands in the journal. */
  | { readonly event: "granted"; readonly received: Received }
  /** FAILURE: the name is taken, or anything else. */
  | { readonly event: "failure" }
  /** What only a person can change: NOT_FOUND, credentials of another kind, a certificate that is not trusted. */
  | { readonly event: "ended"; readonly code: ErrorCode }
  /** The request was sent, and no believable answer came. */
  | { readonly event: "lost"; readonly code: ErrorCode }
  /** The request was sent; before its answer came, the server let in what it offered, and answered. */
  | { readonly event: "proved-early"; readonly proof: Proof }
  /** Nothing was sent. */
  | { readonly event: "unreachable"; readonly code: ErrorCode }
  | { readonly event: "probe-accepted"; readonly proof: Proof }
  /** Every candidate was refused. */
  | { readonly event: "probe-refused" }
  /** A candidate was neither accepted nor refused; those behind it were not asked. */
  | { readonly event: "probe-unanswered"; readonly code: ErrorCode }
  /** The whole run's time is up, in a wait. */
  | { readonly event: "out-of-time" };

/** How many generated names are tried before the camera gives up (docs/architecture.md#what-a-reply-proves). */
const mostNames = 3;

/** What is known after `event` (docs/architecture.md#what-a-reply-proves). Pure, like `decide`. */
export function accept(known: Known, event: Event): Known {
  const { run, journal } = known;
  if (run.proof !== undefined) return acceptInClaim(known, run.proof, event);
  switch (event.event) {
    case "waited":
      return learn(known, { waits: run.waits + 1, waitDue: false, waited: true });
    case "intent-written":
      return {
        ...known,
        journal: { ...journal, intents: [...journal.intents, event.intent] },
        run: { ...run, ...freshIntent, doubt: isInAdvance(known, event.intent) },
      };
    case "journal-read":
      return { ...known, journal: event.journal, run: { ...run, ...freshIntent, doubt: holdsAnything(event.journal) } };
    case "recognised": {
      const { journal: moved } = event;
      const learnt = { ...freshIntent, recognised: true, doubt: holdsAnything(moved) };
      return {
        ...known,
        journal: moved,
        run: { ...run, ...learnt, existing: existingIn({ ...known, journal: moved }) },
      };
    }
    case "looked-again": {
      const { configured, configuredHere } = event;
      const seen = { ...known, configured, configuredHere };
      // What was refused twice already is not asked about again.
      const settled = run.existing === "refused" && isUnchanged(known.configured, configured);
      return learn(seen, { lookedAgain: true, existing: settled ? "refused" : existingIn(seen) });
    }
    case "granted":
      return {
        ...known,
        journal: { ...journal, received: [...journal.received, event.received] },
        run: { ...run, requests: run.requests + 1, granted: true, doubt: true, waits: 0 },
      };
    case "failure":
      // The second asking has waits of its own: what was spent on reaching the server does not shorten it.
      return learn(known, {
        ...asked(run),
        failures: run.failures + 1,
        waits: run.failures === 0 ? 0 : run.waits,
        setback: "REFUSAL_UNCONFIRMED",
      });
    case "ended":
      return learn(known, { end: endAfterGrant(journal, event.code) });
    case "lost":
      return learn(known, { ...asked(run), setback: event.code });
    case "proved-early": {
      // As if the answer had been given up before the probe.
      const lost = accept(known, { event: "lost", code: "NO_ANSWER" });
      return accept(lost, { event: "probe-accepted", proof: event.proof });
    }
    case "unreachable":
    case "probe-unanswered":
      return learn(known, { waitDue: true, setback: event.code });
    case "probe-accepted":
      return learn(known, { proof: event.proof, ...beforeClaim(run, event.proof) });
    case "probe-refused":
      return learn(known, run.doubt ? afterRefusal(known) : refusedExisting(run));
    case "out-of-time":
      return learn(known, { end: run.setback });
  }
}

/** What was refused before a request and is let in after it is what the request has made, or claimed. */
function beforeClaim({ requests, failures }: Run, { candidate }: Proof): Partial<Run> {
  if (candidate.origin !== "known in advance") return {};
  const claim = requests > 0 && failures === 0 ? "made" : "unasked";
  return { claim, failures: 0, waits: 0, waitDue: requests > 0 };
}

const freshIntent = { requests: 0, failures: 0, waits: 0, waited: false, nextName: false } as const;

function learn(known: Known, changes: Partial<Run>): Known {
  return { ...known, run: { ...known.run, ...changes } };
}

/** After any request the server may have a device of ours. */
function asked(run: Run): Partial<Run> {
  return { requests: run.requests + 1, doubt: true, waited: false };
}

/** What is known in advance is probed before it is offered: the device may be ours already. */
function isInAdvance({ inAdvance, journal }: Known, { credentials }: Intent): boolean {
  return journal.intents.length === 0 && inAdvance !== undefined && sameCredentials(inAdvance, credentials);
}

function isUnchanged(one: ConfiguredCredentials | undefined, other: ConfiguredCredentials | undefined): boolean {
  return one !== undefined && other !== undefined && sameCredentials(one.credentials, other.credentials);
}

function refusedExisting(run: Run): Partial<Run> {
  return run.existing === "unasked"
    ? { existing: "refused once", waitDue: true, setback: "FORMER_CREDENTIALS_REFUSED" }
    : { existing: "refused", waits: 0 };
}

/** Once the server has said SUCCESS, a key that it no longer knows is no reason to give up: its credentials may come back. */
function endAfterGrant({ received }: Journal, code: ErrorCode): ErrorCode {
  return code === "PROVISION_DATA_NOT_FOUND" && received.length > 0 ? "DEVICE_LOCKED_OUT" : code;
}

/** The server knows none of our credentials now. What that means depends on what it said before. */
function afterRefusal({ run, journal, naming }: Known): Partial<Run> {
  if (run.granted) return { waitDue: true, setback: "CREDENTIALS_REFUSED" };
  if (run.failures < 2) return { doubt: false, waitDue: run.requests > 0 && !run.waited };
  // The server has made the device: no name is taken, and another one would make a second device.
  if (journal.received.length > 0) return { doubt: false, end: "DEVICE_LOCKED_OUT" };
  const names = journal.intents.filter(({ deviceName }) => fits(deviceName, naming)).length;
  if (naming.kind === "generated" && names >= mostNames) return { doubt: false, end: "NAMES_REFUSED" };
  if (naming.kind === "fixed") return { doubt: false, end: "DEVICE_REFUSED" };
  return { doubt: false, nextName: true };
}

/**
 * What is known after `event` once something is proved: only the claim of credentials known in advance is still open, and
 * nothing takes the proof away again.
 */
function acceptInClaim(known: Known, proof: Proof, event: Event): Known {
  const { run, journal } = known;
  switch (event.event) {
    case "intent-written":
      return { ...known, journal: { ...journal, intents: [...journal.intents, event.intent] } };
    case "journal-read":
      return learn({ ...known, journal: event.journal }, { claim: "open" });
    case "waited":
      return learn(known, { waits: run.waits + 1, waitDue: false });
    case "granted": {
      const { received } = event;
      return learn(
        { ...known, journal: { ...journal, received: [...journal.received, received] } },
        madeBy(known, proof, received),
      );
    }
    case "failure":
      return learn(known, {
        ...patience(run, run.failures > 0),
        failures: run.failures + 1,
        setback: "REFUSAL_UNCONFIRMED",
      });
    case "ended":
      return learn(known, { claim: "open", setback: event.code });
    case "lost":
    case "unreachable":
      return learn(known, { ...patience(run), setback: event.code });
    default:
      return learn(known, { claim: "open" });
  }
}

/** The usual tries, with the usual waits between them; then the claim stays open. */
function patience(run: Run, isEnough = false): Partial<Run> {
  return isEnough || run.waits >= retryWaits.length ? { claim: "open" } : { waitDue: true };
}

/**
 * Other credentials than the proved ones are a contradiction, which the journal tells. Where provision.json names the
 * proved ones no more, those of the name count.
 */
function madeBy({ inAdvance }: Known, proof: Proof, { credentials, deviceId }: Received): Partial<Run> {
  const proved = proof.candidate.credentials;
  if (sameCredentials(credentials, proved)) {
    return { claim: "made", proof: { ...proof, deviceId: proof.deviceId ?? deviceId } };
  }
  if (inAdvance !== undefined && sameCredentials(inAdvance, proved)) return {};
  return { proof: undefined, granted: true, doubt: true, waits: 0, waitDue: false };
}
