import { type Found, look } from "../files/look.ts";
import { hasOutdated } from "../files/outdated-credentials.ts";
import { readStatus } from "../files/status-file.ts";
import { hasLeftovers } from "../files/sweep.ts";
import type { CameraState, KnownDevice } from "../model/camera-state.ts";
import { ProvisioningError } from "../model/errors.ts";
import { printableName } from "../model/problem.ts";
import { isAtRest, type ProvisioningStatus } from "../model/provisioning-status.ts";
import type { ConfiguredCredentials } from "../model/thermal-config.ts";
import { cameraState, readConfigured } from "./camera-state.ts";
import { lostDevice } from "./lost-credentials.ts";
import type { Setting } from "./setting.ts";

export type Folder = Pick<Setting, "files" | "directory" | "clock">;

/** What the names in a folder tell, its configuration and the last status: no more than every start has to read. */
export interface Glance extends Found {
  readonly configured: ConfiguredCredentials | "unknown" | undefined;
  readonly camera: CameraState;
  /** The device whose credentials the server accepted last, where the configuration has lost them. */
  readonly lost: KnownDevice | undefined;
  /** The last status that a run has left; undefined where there is none that can be read. */
  readonly status: ProvisioningStatus | undefined;
}

/** What is next where nothing is asked for. */
export type Rest =
  | { readonly next: "nothing" }
  /** Remove what a killed run left over, and former credentials that are too old; nothing else. */
  | { readonly next: "tidy up" }
  /** Fail: a file cannot be used. */
  | { readonly next: "stop"; readonly problem: ProvisioningError };

/**
 * Changes nothing. Without trigger and journal, as most starts of a camera are, nothing else is read: a handful of system
 * calls.
 *
 * @throws ProvisioningError FOLDER_MISSING, and those of a disk that fails
 */
export function glance(folder: Folder): Glance {
  const { files, directory } = folder;
  const found = look(files, directory);
  const configured = readConfigured(files, directory);
  const camera = cameraState(files, directory, configured);
  const lost = lostDevice(folder, found, configured);
  return { ...found, configured, camera, lost, status: lastStatus(folder) };
}

/** Whether somebody asks for something, or something is unfinished. */
export function isCalledFor({ trigger, unfinished }: Found): boolean {
  return trigger !== "none" || unfinished.length > 0;
}

/** Nothing is asked for. But somebody may have meant to, or a killed run may have left something to put right. */
export function restOf(
  { files, directory, clock }: Folder,
  { camera, status }: Pick<Glance, "camera" | "status">,
): Rest {
  const { misnamedTrigger, state } = camera;
  if (misnamedTrigger !== undefined && state === "not provisioned") {
    return { next: "stop", problem: triggerMisnamed(camera, misnamedTrigger) };
  }
  try {
    const outdated = () => hasOutdated(files, directory, { now: clock.now(), isProvisioned: state === "provisioned" });
    return { next: isStale(status, camera) || hasLeftovers(files, directory) || outdated() ? "tidy up" : "nothing" };
  } catch {
    // Where this cannot be read, it cannot be put right either.
    return { next: "nothing" };
  }
}

/** Whether a status says what is not: that a run is at work, or that one has provisioned what is not provisioned. */
export function isStale(status: ProvisioningStatus | undefined, { state, device }: CameraState): boolean {
  if (status === undefined) return false;
  if (!isAtRest(status.currentState)) return true;
  return status.currentState === "COMPLETED" && state !== "unknown" && device?.attemptId !== status.correlationId;
}

function lastStatus({ files, directory }: Folder): ProvisioningStatus | undefined {
  try {
    return readStatus(files, directory);
  } catch {
    return undefined;
  }
}

function triggerMisnamed({ directory }: CameraState, name: string): ProvisioningError {
  const found = `${directory} holds ${printableName(name)}, and no provision.txt`;
  return new ProvisioningError(
    "TRIGGER_NAME_WRONG",
    `${found}; rename it to provision.txt to have this camera provisioned`,
  );
}
