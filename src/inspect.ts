import type { FileSystem } from "./files/disk/file-system.ts";
import { isLocked } from "./files/disk/lock.ts";
import { readInputs } from "./files/inputs.ts";
import { checkJournal, type JournalView, viewJournals } from "./files/journal/journal.ts";
import { type Found, look } from "./files/look.ts";
import { readStatus } from "./files/status-file.ts";
import { ProvisioningError } from "./model/errors.ts";
import { isFinal, type ProvisioningStatus } from "./model/provisioning-status.ts";
import { findCommittedWork } from "./run/look.ts";
import { type ProvisionOptions, surroundings as withDefaults } from "./run/provision-options.ts";

/** What is known of the provisioning in a folder, without asking anybody. */
export interface Inspection {
  /** The last known status; undefined where no run has left one. */
  readonly status: ProvisioningStatus | undefined;
  /** `interrupted`: the last run neither ended nor goes on. */
  readonly activity: "none" | "running" | "interrupted" | "ended";
  readonly trigger: boolean;
  readonly journals: readonly JournalSummary[];
  /** What the next run will do, as far as the files tell. `unclear`: a file cannot be used. */
  readonly nextRun: "nothing" | "provision" | "continue" | "finish" | "unclear";
}

/** What the journal of one server says. */
export interface JournalSummary {
  readonly host: string;
  /** The names that were tried, the newest last. */
  readonly deviceNames: readonly string[];
  /** Whether the server's SUCCESS is in it. */
  readonly granted: boolean;
}

/**
 * Looks, and changes nothing; safe also while a run is at work.
 *
 * @throws ProvisioningError FOLDER_MISSING, and those of a disk that fails
 */
export async function inspect(options: Pick<ProvisionOptions, "directory" | "files"> = {}): Promise<Inspection> {
  const { files, directory } = withDefaults(options);
  const found = lookPast(files, directory);
  const { trigger, unfinished } = found === "invalid trigger" ? { trigger: true, unfinished: [] } : found;
  const status = readStatus(files, directory);
  const running = await isLocked(files, directory);
  return {
    status,
    activity: running ? "running" : activityOf(status),
    trigger,
    journals: viewJournals(files, directory).map(summarise),
    nextRun: found === "invalid trigger" ? "unclear" : nextRun(files, directory, trigger, unfinished),
  };
}

/** As `look`; a trigger that is no file does not hide what else is known, only the next run will say so. */
function lookPast(files: FileSystem, directory: string): Found | "invalid trigger" {
  try {
    return look(files, directory);
  } catch (error) {
    if (ProvisioningError.is(error) && error.errorCode === "TRIGGER_INVALID") return "invalid trigger";
    throw error;
  }
}

/** Records that cannot be read are left out, their journal is not. */
function summarise({ host, intents, received }: JournalView): JournalSummary {
  return {
    host,
    deviceNames: [...new Set([...intents, ...received].map(({ deviceName }) => deviceName))],
    granted: received.length > 0,
  };
}

function activityOf(status: ProvisioningStatus | undefined): Inspection["activity"] {
  if (status === undefined) return "none";
  return isFinal(status.currentState) ? "ended" : "interrupted";
}

function nextRun(
  files: FileSystem,
  directory: string,
  trigger: boolean,
  unfinished: readonly string[],
): Inspection["nextRun"] {
  const committed = findCommittedWork({ files, directory, newIdentity: false });
  if (committed !== undefined) return committed.superseded ? "provision" : "finish";
  if (!trigger && unfinished.length === 0) return "nothing";
  try {
    const { credentials } = readInputs(files, directory);
    if (checkJournal(files, directory, credentials.host)) return "continue";
    return trigger ? "provision" : "nothing";
  } catch (error) {
    if (!ProvisioningError.is(error)) throw error;
    return !trigger && error.errorCode === "CREDENTIALS_FILE_MISSING" ? "nothing" : "unclear";
  }
}
