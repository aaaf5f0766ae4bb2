import type { Duration } from "../base/duration.ts";
import type { Credentials } from "../model/credentials.ts";
import type { ErrorCode } from "../model/errors.ts";
import type { Intent, Journal } from "../model/journal.ts";
import type { ConfiguredCredentials } from "../model/thermal-config.ts";
import { claimOf } from "./claim.ts";
import {
  type Candidate,
  candidates,
  configuredCandidate,
  holdsAnything,
  isAnothers,
  isCommitted,
  type Known,
  offeredInAdvance,
  type Proof,
  presentIntent,
  type Run,
} from "./known.ts";
import { retryWaits } from "./waits.ts";

/** Everything that a provisioning can do next. */
export type Step =
  /** The configuration is written; rename the trigger, prune, remove the journal. */
  | { readonly do: "finish"; readonly configured: ConfiguredCredentials }
  /** Try to connect with each of these, until one is accepted and answered. */
  | { readonly do: "probe"; readonly candidates: readonly Candidate[] }
  | { readonly do: "wait"; readonly for: Duration; readonly because: ErrorCode }
  /** Connect, send nothing, and see whether this is the server of a journal that is kept under another name. */
  | { readonly do: "recognise" }
  /** Write down a name and credentials. Without credentials here, make some. */
  | { readonly do: "write-intent"; readonly number: number; readonly credentials: Credentials | undefined }
  /** Read the configuration once more, before the first request of the run. */
  | { readonly do: "look-again" }
  /** Ask the server for the device. `proved` is what it has let in already, where this only claims the name. */
  | { readonly do: "request"; readonly intent: Intent; readonly proved?: Credentials }
  /** Write the proved credentials. `certain` is whether the device's name is known for sure. */
  | { readonly do: "commit"; readonly proof: Proof; readonly certain: boolean }
  /** The credentials that were there already work; nothing new is made. */
  | { readonly do: "keep"; readonly configured: ConfiguredCredentials; readonly proof: Proof }
  | { readonly do: "stop"; readonly code: ErrorCode };

/** The next step from what is known (docs/architecture.md#what-a-reply-proves). Pure: no clock, no file, no network. */
export function decide(known: Known): Step {
  const { run, journal, configured } = known;
  if (configured !== undefined && isCommitted(known)) return { do: "finish", configured };
  if (run.end !== undefined) return { do: "stop", code: run.end };
  if (run.proof !== undefined) return settle(known, run.proof);
  if (run.waitDue) return wait(known);
  if (mayBeElsewhere(known)) return { do: "recognise" };
  const ours = run.doubt ? candidates(known) : [];
  if (ours.length > 0) return { do: "probe", candidates: ours };
  if (configured !== undefined && (run.existing === "unasked" || run.existing === "refused once")) {
    return { do: "probe", candidates: [configuredCandidate(configured)] };
  }
  if (known.isWiped === true) return { do: "stop", code: "PROVISIONING_KEY_WIPED" };
  const intent = presentIntent(known);
  if (intent === undefined || run.nextName) {
    const credentials = writtenBefore(journal) ?? offeredInAdvance(known);
    return { do: "write-intent", number: nextNumber(journal), credentials };
  }
  if (known.isWithoutKey === true) return { do: "stop", code: "FACTORY_CERTIFICATE_REFUSED" };
  return run.lookedAgain ? { do: "request", intent } : { do: "look-again" };
}

/** With a journal of its own the camera goes on with that, and without a key nothing can be made twice. */
export function mayBeElsewhere({ isUnfinishedElsewhere = false, isWithoutKey = false, journal, run }: Known): boolean {
  return isUnfinishedElsewhere && !isWithoutKey && !run.recognised && !holdsAnything(journal);
}

function nextNumber({ intents }: Journal): number {
  return (intents.at(-1)?.number ?? 0) + 1;
}

/** The same credentials under every name, unless the server has said that they are another device's. */
function writtenBefore(journal: Journal): Credentials | undefined {
  const last = journal.intents.at(-1);
  return last === undefined || isAnothers(journal, last.credentials) ? undefined : last.credentials;
}

/** Nobody has answered in this run: nothing is lost if it ends here, and the next one begins at the same place. */
function isUnheard({ requests, granted, existing }: Run): boolean {
  return requests === 0 && !granted && existing !== "refused once";
}

function settle(known: Known, proof: Proof): Step {
  const { journal, configured } = known;
  if (proof.candidate.origin === "configured" && configured !== undefined) return { do: "keep", configured, proof };
  const open = claimOf(known, proof);
  if (open === "contradicted") return { do: "stop", code: "CREDENTIALS_OF_ANOTHER_DEVICE" };
  if (open === "due") return claim(known, proof);
  const certain = proof.candidate.origin !== "intent" || journal.intents.length === 1;
  return { do: "commit", proof, certain };
}

/** The same question as always, with the proved credentials; patience with it is counted in `accept`. */
function claim(known: Known, { candidate: { credentials: proved } }: Proof): Step {
  const { run, journal } = known;
  const pause = run.waitDue ? retryWaits[run.waits] : undefined;
  if (pause !== undefined) return { do: "wait", for: pause, because: run.setback };
  const intent = presentIntent(known);
  if (intent !== undefined) return { do: "request", intent, proved };
  return { do: "write-intent", number: nextNumber(journal), credentials: proved };
}

function wait({ run, isLaterRound = false }: Known): Step {
  const next = isLaterRound && isUnheard(run) ? undefined : retryWaits[run.waits];
  return next === undefined ? { do: "stop", code: run.setback } : { do: "wait", for: next, because: run.setback };
}
