import type { Outcome } from "../../model/outcome.ts";
import type { ProvisioningStatus } from "../../model/provisioning-status.ts";
import type { Warning } from "../../model/warnings.ts";
import type { Retry, Try } from "../../run/provision-options.ts";

/** Tells of a run while it goes on. */
export interface Printer {
  status(status: ProvisioningStatus): void;
  warning(warning: Warning): void;
  retry(retry: Retry): void;
  try?(begun: Try): void;
  /** Once, at the end. */
  outcome(outcome: Outcome): void;
}

/** What people read for each state; `FAILED_…` and COMPLETED are told by the ending. */
export const stateWords = {
  IDLE: "at rest",
  DETECTING_FILES: "looking for provision.txt and unfinished work",
  LOADING_CONFIG: "reading and checking the files",
  CONNECTING: "connecting",
  SENDING_REQUEST: "asking to be provisioned",
  WAITING_RESPONSE: "waiting for the answer",
  VALIDATING_RESPONSE: "checking what the server said",
  UPDATING_CONFIG: "backing up and writing thermal_config.json",
  COMPLETED: "done",
  FAILED_CONFIG: "failed: a file or the set-up",
  FAILED_CONNECTION: "failed: the connection",
  FAILED_TIMEOUT: "failed: no answer in time",
  FAILED_VALIDATION: "failed: what the server said",
  FAILED_UPDATE: "failed: writing the files",
} as const;
