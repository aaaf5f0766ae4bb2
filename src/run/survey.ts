import { type Inputs, readInputs } from "../files/inputs.ts";
import { checkJournal, findCommitted, hasJournal, type JournalView, viewJournals } from "../files/journal/journal.ts";
import { holdsAnything } from "../flow/known.ts";
import type { CameraState, KnownDevice } from "../model/camera-state.ts";
import { ProvisioningError } from "../model/errors.ts";
import { hasNoKey } from "../model/provisioning-credentials.ts";
import type { ProvisioningStatus } from "../model/provisioning-status.ts";
import type { ConfiguredCredentials } from "../model/thermal-config.ts";
import type { readConfigured } from "./camera-state.ts";
import { type Folder, glance, isCalledFor, type Rest, restOf } from "./glance.ts";
import type { Surroundings } from "./surroundings.ts";

/** What a run does in a folder, as far as the files tell. */
export type Next =
  | Rest
  /** The configuration is written; the trigger and the journal are left. */
  | { readonly next: "finish" }
  /** The journal leads on: the server may have a device of ours. */
  | { readonly next: "go on" }
  /** Ask the server: for a device, or whether the credentials in the configuration still work. */
  | { readonly next: "begin" };

/** A provisioning whose configuration is written, and of which only the tidying is left. */
export interface CommittedWork {
  readonly host: string;
  readonly configured: ConfiguredCredentials;
}

/** Whether its trigger is still there, and asks for something else by now: the files were changed, or the options. */
export interface FoundWork extends CommittedWork {
  readonly superseded: boolean;
}

/** Everything that the files tell about a provisioning. */
export type Survey = Next & {
  readonly trigger: boolean;
  /** The journals of all servers; records that cannot be read are left out. */
  readonly journals: readonly JournalView[];
  /** Undefined where they cannot be used, or are not needed. */
  readonly inputs: Inputs | undefined;
  readonly committed: FoundWork | undefined;
  /** The journal that the run is about; undefined where it begins with an empty one. */
  readonly meant: JournalView | undefined;
  readonly camera: CameraState;
  /** The device whose credentials the server accepted last, where the configuration has lost them. */
  readonly lost: KnownDevice | undefined;
  /** The last status that a run has left; undefined where there is none that can be read. */
  readonly status: ProvisioningStatus | undefined;
};

type Question = Folder & Pick<Surroundings, "newIdentity" | "credentialsDirectory">;

/**
 * Finds out what a run does in this folder; changes nothing, and needs no lock. The run asks before and after it takes
 * the lock, `status` prints the answer, and the dry run goes on from it, so they cannot differ. Without trigger and
 * journal, as most starts of a camera are, it costs a handful of system calls.
 *
 * @throws ProvisioningError FOLDER_MISSING, and those of a disk that fails
 */
export function survey(question: Question): Survey {
  const { files, directory } = question;
  const seen = glance(question);
  const { trigger, configured, camera, lost, status } = seen;
  const isAsked = trigger !== "none";
  const rest = () => restOf(question, seen);
  if (!isCalledFor(seen)) {
    const facts = { trigger: false, journals: [], inputs: undefined, committed: undefined, meant: undefined };
    return { ...facts, camera, lost, status, ...rest() };
  }
  const journals = viewJournals(files, directory);
  const read = orProblem(() => readInputs(files, directory, question.credentialsDirectory));
  const inputs = "value" in read ? read.value : undefined;
  const committed = findWork(question, configured, { isAsked, journals, inputs });
  const meant = journalMeant(question, { journals, inputs, committed });
  const facts = { trigger: isAsked, journals, inputs, committed, meant, camera, lost, status };
  if (trigger === "other") return { ...facts, next: "stop", problem: triggerInvalid(directory) };
  if (committed?.superseded === false) return { ...facts, next: "finish" };
  if ("problem" in read) {
    // A journal alone waits for its server to be named; nobody asked for anything.
    const isAtRest = !isAsked && read.problem.errorCode === "CREDENTIALS_FILE_MISSING";
    return { ...facts, ...(isAtRest ? rest() : { next: "stop", problem: read.problem }) };
  }
  return { ...facts, ...(nextAt(read.value.credentials.host, question, facts) ?? rest()) };
}

/** What is next when the camera is to be on the server `host`; undefined: nothing there. */
function nextAt(
  host: string,
  question: Question,
  { trigger, meant, committed }: Pick<Survey, "trigger" | "meant" | "committed">,
): Next | undefined {
  const { files, directory } = question;
  // Its journal is removed before anything else happens.
  if (committed?.host === host) return { next: "begin" };
  const checked = orProblem(() => checkJournal(files, directory, host));
  if ("problem" in checked) return { next: "stop", problem: checked.problem };
  if (meant !== undefined) return { next: "go on" };
  if (trigger || checked.value) return { next: "begin" };
  // A record that was cut off in writing was never sent.
  return hasJournal(files, directory, host) ? { next: "tidy up" } : undefined;
}

/** Finds committed work by the configuration alone: the other input files may be gone by now. */
function findWork(
  { newIdentity }: Question,
  configured: ReturnType<typeof readConfigured>,
  { isAsked, journals, inputs }: { isAsked: boolean } & Pick<Survey, "journals" | "inputs">,
): FoundWork | undefined {
  if (configured === undefined || configured === "unknown") return undefined;
  const attempt = findCommitted(journals, configured.attemptId);
  if (attempt === undefined) return undefined;
  // Where nobody can read what is wanted now, what was wanted is finished.
  const isSentElsewhere = inputs !== undefined && !isHere(configured, inputs.credentials);
  const superseded = isAsked && ((newIdentity && !attempt.newIdentity) || isSentElsewhere);
  return { host: attempt.host, configured, superseded };
}

/** The journal that the run goes on with: that of the server in `provision.json`, else the only one. */
function journalMeant(
  { newIdentity }: Question,
  { journals, inputs, committed }: Pick<Survey, "journals" | "inputs" | "committed">,
): JournalView | undefined {
  if (committed?.superseded === false) return journals.find(({ host }) => host === committed.host);
  const left = journals.filter((journal) => holdsAnything(journal) && journal.host !== committed?.host);
  const host = inputs?.credentials.host;
  const [first, ...others] = host === undefined ? left : left.filter((journal) => journal.host === host);
  // An older one is put aside by --new-identity.
  const isPutAside = newIdentity && first?.intents.at(-1)?.newIdentity !== true;
  return others.length > 0 || isPutAside ? undefined : first;
}

/**
 * Whether credentials are for the same server (port aside) and the same provisioning key, or one that is not known, as in
 * a configuration that another program wrote (docs/architecture.md#a-camera-that-was-provisioned-before).
 */
export function isHere(configured: ConfiguredCredentials | undefined, to: Inputs["credentials"]): boolean {
  if (configured === undefined || configured.host !== to.host) return false;
  // Nobody can say with which key.
  if (hasNoKey(to)) return true;
  const { provisionedWith } = configured;
  return provisionedWith === null || to.provisionDeviceKey.hasFingerprint(provisionedWith);
}

function triggerInvalid(directory: string): ProvisioningError {
  return new ProvisioningError(
    "TRIGGER_INVALID",
    `${directory}/provision.txt is not a regular file; put an empty file in its place`,
  );
}

function orProblem<Value>(read: () => Value): { readonly value: Value } | { readonly problem: ProvisioningError } {
  try {
    return { value: read() };
  } catch (error) {
    if (ProvisioningError.is(error)) return { problem: error };
    throw error;
  }
}
