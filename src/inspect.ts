import { isLocked } from "./files/disk/lock.ts";
import type { JournalView } from "./files/journal/journal.ts";
import type { CameraState } from "./model/camera-state.ts";
import { isFinal, type ProvisioningStatus } from "./model/provisioning-status.ts";
import { type ProvisionOptions, surroundings as withDefaults } from "./run/provision-options.ts";
import { type Survey, survey } from "./run/survey.ts";

/** What is known of the provisioning in a folder, without asking anybody. */
export interface Inspection {
  /** The last known status; undefined where no run has left one. */
  readonly status: ProvisioningStatus | undefined;
  /** `interrupted`: the last run neither ended nor goes on. */
  readonly activity: "none" | "running" | "interrupted" | "ended";
  readonly trigger: boolean;
  readonly camera: CameraState;
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
  const { trigger, journals, next, camera, status } = survey({ files, directory, newIdentity: false });
  const running = await isLocked(files, directory);
  return {
    status,
    activity: running ? "running" : activityOf(status),
    trigger,
    camera,
    journals: journals.map(summarise),
    nextRun: nextRuns[next],
  };
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

function activityOf(status: ProvisioningStatus | undefined): Inspection["activity"] {
  if (status === undefined || status.currentState === "IDLE") return "none";
  return isFinal(status.currentState) ? "ended" : "interrupted";
}
