import { join } from "node:path";
import { backupMoment, backupPath, listBackups } from "./files/backups.ts";
import type { FileSystem } from "./files/disk/file-system.ts";
import { isLocked } from "./files/disk/lock.ts";
import { triggerName } from "./files/file-names.ts";
import type { JournalView } from "./files/journal/journal.ts";
import { placesPutAside } from "./files/journal/put-aside.ts";
import { readStatus } from "./files/status-file.ts";
import type { CameraState } from "./model/camera-state.ts";
import { ProvisioningError } from "./model/errors.ts";
import { isFinal, type ProvisioningStatus } from "./model/provisioning-status.ts";
import type { Warning } from "./model/warnings.ts";
import { bodyWarnings } from "./run/body-warnings.ts";
import { cameraState, readConfigured } from "./run/camera-state.ts";
import { lossWarnings } from "./run/lost-credentials.ts";
import type { ProvisionOptions } from "./run/provision-options.ts";
import { surroundings as withDefaults } from "./run/surroundings.ts";
import { type Survey, survey } from "./run/survey.ts";

/** What is known of the provisioning in a folder, without asking anybody. */
export interface Inspection {
  /** The last known status; undefined where no run has left one. */
  readonly status: ProvisioningStatus | undefined;
  /**
   * `waiting`: the last run failed, and `--wait` begins another one at `status.nextTryAt`. `interrupted`: the last run
   * neither ended nor goes on. `unknown`: this user may not see whether a run is at work.
   */
  readonly activity: "none" | "running" | "waiting" | "interrupted" | "ended" | "unknown";
  readonly trigger: boolean;
  readonly camera: CameraState;
  /** What somebody should know: that the configuration has lost credentials which the server accepted, or is a copy. */
  readonly warnings: readonly Warning[];
  readonly journals: readonly JournalSummary[];
  /** The folders of what was put aside, whole; they hold tokens. */
  readonly putAside: readonly string[];
  /** Former configurations, the newest first; each may hold credentials. `madeAt` is null where the name tells no moment. */
  readonly backups: readonly { readonly path: string; readonly madeAt: Date | null }[];
  /** What the next run will do, as far as the files tell. `unclear`: a file cannot be used, or not be read by this user. */
  readonly nextRun: "nothing" | "provision" | "continue" | "finish" | "unclear";
  /** What this user may not read; undefined where everything could be read. */
  readonly unreadable: string | undefined;
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
 * Looks, and changes nothing; safe also while a run is at work, and for another user, who sees less.
 *
 * @throws ProvisioningError FOLDER_MISSING, PERMISSION_DENIED for the folder itself, and those of a disk that fails
 */
export async function inspect(
  options: Pick<ProvisionOptions, "directory" | "files" | "clock" | "bodyFile"> = {},
): Promise<Inspection> {
  const { files, directory, clock } = withDefaults(options);
  const read = orDenied(() => survey({ files, directory, clock, newIdentity: false }));
  const seen =
    "denied" in read ? seenByOthers(files, directory, read.denied) : seenByOwner(files, directory, read.value);
  const locked = await isLocked(files, directory).catch((error: unknown) => {
    if (isDenied(error)) return undefined;
    throw error;
  });
  const warnings = [...seen.warnings, ...bodyWarnings(files, seen.camera, options)];
  return { ...seen, warnings, activity: activityOf(seen.status, locked, clock.now()) };
}

/** Whether proved credentials are in the configuration; false also where it cannot be known. */
export async function isProvisioned(options: Pick<ProvisionOptions, "directory" | "files"> = {}): Promise<boolean> {
  try {
    return (await inspect(options)).camera.state === "provisioned";
  } catch {
    return false;
  }
}

type Seen = Omit<Inspection, "activity">;

function seenByOwner(
  files: FileSystem,
  directory: string,
  { trigger, journals, next, camera, lost, status }: Survey,
): Seen {
  return {
    status,
    trigger,
    camera,
    warnings: lossWarnings(lost),
    journals: journals.map(summarise),
    putAside: placesPutAside(files, directory),
    backups: listBackups(files, directory).map((number) => ({
      path: backupPath(directory, number),
      madeAt: backupMoment(number),
    })),
    nextRun: nextRuns[next],
    unreadable: undefined,
  };
}

/** The status file is for everybody; configuration and journal are not. */
function seenByOthers(files: FileSystem, directory: string, denied: ProvisioningError): Seen {
  return {
    status: readStatus(files, directory),
    trigger: files.lstat(join(directory, triggerName)) !== undefined,
    camera: cameraState(files, directory, readConfigured(files, directory)),
    warnings: [],
    journals: [],
    putAside: [],
    backups: [],
    nextRun: "unclear",
    unreadable: denied.message,
  };
}

function orDenied<Value>(read: () => Value): { readonly value: Value } | { readonly denied: ProvisioningError } {
  try {
    return { value: read() };
  } catch (error) {
    if (isDenied(error)) return { denied: error };
    throw error;
  }
}

function isDenied(error: unknown): error is ProvisioningError {
  return ProvisioningError.is(error) && error.errorCode === "PERMISSION_DENIED";
}

const nextRuns = {
  nothing: "nothing",
  "tidy up": "nothing",
  finish: "finish",
  "go on": "continue",
  begin: "provision",
  stop: "unclear",
} as const satisfies Record<Survey["next"], Inspection["nextRun"]>;

/** Records that cannot be read are left out, their journal is not. */
function summarise({ host, intents, received }: JournalView): JournalSummary {
  return {
    host,
    deviceNames: [...new Set([...intents, ...received].map(({ deviceName }) => deviceName))],
    granted: received.length > 0,
  };
}

/** `locked` is undefined where this user may not see it. */
function activityOf(
  status: ProvisioningStatus | undefined,
  locked: boolean | undefined,
  now: Date,
): Inspection["activity"] {
  if (locked === true) return "running";
  if (status === undefined || status.currentState === "IDLE") return locked === undefined ? "unknown" : "none";
  if (status.nextTryAt !== undefined && status.nextTryAt > now) return "waiting";
  if (isFinal(status.currentState)) return "ended";
  return locked === undefined ? "unknown" : "interrupted";
}
