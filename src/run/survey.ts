import { type Inputs, readInputs } from "../files/inputs.ts";
import { checkJournal, findCommitted, hasJournal, type JournalView, viewJournals } from "../files/journal/journal.ts";
import { look } from "../files/look.ts";
import { readStatus } from "../files/status-file.ts";
import { hasLeftovers } from "../files/sweep.ts";
import { readThermalConfig } from "../files/thermal-config-file.ts";
import { holdsAnything } from "../flow/known.ts";
import { ProvisioningError } from "../model/errors.ts";
import { isFinal } from "../model/provisioning-status.ts";
import type { ConfiguredCredentials } from "../model/thermal-config.ts";
import type { Surroundings } from "./provision-options.ts";

/** What a run does in a folder, as far as the files tell. */
export type Next =
  | { readonly next: "nothing" }
  /** Remove what a killed run left over, and nothing else. */
  | { readonly next: "tidy up" }
  /** The configuration is written; the trigger and the journal are left. */
  | { readonly next: "finish" }
  /** The journal leads on: the server may have a device of ours. */
  | { readonly next: "go on" }
  /** Ask the server: for a device, or whether the credentials in the configuration still work. */
  | { readonly next: "begin" }
  /** Fail: a file cannot be used. */
  | { readonly next: "stop"; readonly problem: ProvisioningError };

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
};

type Folder = Pick<Surroundings, "files" | "directory">;
type Question = Folder & Pick<Surroundings, "newIdentity">;

/**
 * Finds out what a run does in this folder; changes nothing, and needs no lock. The run asks before and after it takes
 * the lock, `status` prints the answer, and the dry run goes on from it, so they cannot differ. Without trigger and
 * journal, as most starts of a camera are, it costs a handful of system calls.
 *
 * @throws ProvisioningError FOLDER_MISSING, and those of a disk that fails
 */
export function survey(question: Question): Survey {
  const { files, directory } = question;
  const { trigger, unfinished } = look(files, directory);
  const isAsked = trigger !== "none";
  if (!isAsked && unfinished.length === 0) {
    const facts = { trigger: false, journals: [], inputs: undefined, committed: undefined, meant: undefined };
    return { ...facts, ...idle(question) };
  }
  const journals = viewJournals(files, directory);
  const read = orProblem(() => readInputs(files, directory));
  const inputs = "value" in read ? read.value : undefined;
  const committed = findWork(question, { isAsked, journals, inputs });
  const meant = journalMeant(question, { journals, inputs, committed });
  const facts = { trigger: isAsked, journals, inputs, committed, meant };
  if (trigger === "other") return { ...facts, next: "stop", problem: triggerInvalid(directory) };
  if (committed?.superseded === false) return { ...facts, next: "finish" };
  if ("problem" in read) {
    // A journal alone waits for its server to be named; nobody asked for anything.
    const isAtRest = !isAsked && read.problem.errorCode === "CREDENTIALS_FILE_MISSING";
    return { ...facts, ...(isAtRest ? idle(question) : { next: "stop", problem: read.problem }) };
  }
  return { ...facts, ...nextAt(read.value.credentials.host, question, { isAsked, meant, committed }) };
}

/** What is next when the camera is to be on the server `host`. */
function nextAt(
  host: string,
  question: Question,
  { isAsked, meant, committed }: { isAsked: boolean } & Pick<Survey, "meant" | "committed">,
): Next {
  const { files, directory } = question;
  // Its journal is removed before anything else happens.
  if (committed?.host === host) return { next: "begin" };
  const checked = orProblem(() => checkJournal(files, directory, host));
  if ("problem" in checked) return { next: "stop", problem: checked.problem };
  if (meant !== undefined) return { next: "go on" };
  if (isAsked || checked.value) return { next: "begin" };
  // A record that was cut off in writing was never sent.
  return hasJournal(files, directory, host) ? { next: "tidy up" } : idle(question);
}

/** Nothing is left to do but, perhaps, to put right what a run left that was killed after its work. */
function idle({ files, directory }: Folder): Next {
  try {
    const status = readStatus(files, directory);
    const isStale = status !== undefined && !isFinal(status.currentState);
    return { next: isStale || hasLeftovers(files, directory) ? "tidy up" : "nothing" };
  } catch {
    // Where this cannot be read, it cannot be put right either.
    return { next: "nothing" };
  }
}

/** Finds committed work by the configuration alone: the other input files may be gone by now. */
function findWork(
  { files, directory, newIdentity }: Question,
  { isAsked, journals, inputs }: { isAsked: boolean } & Pick<Survey, "journals" | "inputs">,
): FoundWork | undefined {
  const configured = configuredIn({ files, directory });
  const attempt = findCommitted(journals, configured?.attemptId ?? null);
  if (attempt === undefined || configured === undefined) return undefined;
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
 * Whether credentials are for the same server (port aside) and the same provisioning key
 * (docs/architecture.md#a-camera-that-was-provisioned-before).
 */
export function isHere(configured: ConfiguredCredentials | undefined, to: Inputs["credentials"]): boolean {
  if (configured === undefined || configured.host !== to.host) return false;
  return configured.provisionedWith === to.provisionDeviceKey.fingerprint();
}

function configuredIn({ files, directory }: Folder): ConfiguredCredentials | undefined {
  // A configuration that cannot be read carries nothing; the input files are read, too, and it is told there.
  const read = orProblem(() => readThermalConfig(files, directory));
  return "value" in read ? read.value.configured : undefined;
}

function triggerInvalid(directory: string): ProvisioningError {
  return new ProvisioningError(
    "TRIGGER_INVALID",
    `${directory}/provision.txt is no regular file; put an empty file in its place`,
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
