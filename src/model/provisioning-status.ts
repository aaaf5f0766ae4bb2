import * as v from "valibot";
import { checkObject } from "./check.ts";
import type { Checked } from "./problem.ts";

const anyFailure = [
  "FAILED_CONFIG",
  "FAILED_CONNECTION",
  "FAILED_TIMEOUT",
  "FAILED_VALIDATION",
  "FAILED_UPDATE",
] as const;

/** The states of the specification. The moves are its own and those that a restart needs. */
export const provisioningStates = [
  "IDLE",
  "DETECTING_FILES",
  "LOADING_CONFIG",
  "CONNECTING",
  "SENDING_REQUEST",
  "WAITING_RESPONSE",
  "VALIDATING_RESPONSE",
  "UPDATING_CONFIG",
  "COMPLETED",
  ...anyFailure,
] as const;
export type ProvisioningState = (typeof provisioningStates)[number];
export type FailedState = Extract<ProvisioningState, `FAILED_${string}`>;

/**
 * Where each state may lead. Besides the specification's line: nothing is left to do (DETECTING_FILES to COMPLETED where
 * the camera is provisioned, to IDLE where it is not, to UPDATING_CONFIG when only the tidying is left), a journal says
 * how far it got (LOADING_CONFIG to UPDATING_CONFIG), a probe without a request (CONNECTING to VALIDATING_RESPONSE), a retry (back
 * to CONNECTING), and already provisioned (VALIDATING_RESPONSE to COMPLETED).
 */
export const transitions = {
  IDLE: ["DETECTING_FILES"],
  DETECTING_FILES: ["LOADING_CONFIG", "UPDATING_CONFIG", "COMPLETED", "IDLE", ...anyFailure],
  LOADING_CONFIG: ["CONNECTING", "UPDATING_CONFIG", ...anyFailure],
  CONNECTING: ["SENDING_REQUEST", "VALIDATING_RESPONSE", "CONNECTING", "UPDATING_CONFIG", ...anyFailure],
  SENDING_REQUEST: ["WAITING_RESPONSE", "CONNECTING", ...anyFailure],
  WAITING_RESPONSE: ["VALIDATING_RESPONSE", "CONNECTING", ...anyFailure],
  VALIDATING_RESPONSE: ["CONNECTING", "UPDATING_CONFIG", "COMPLETED", ...anyFailure],
  UPDATING_CONFIG: ["COMPLETED", ...anyFailure],
  COMPLETED: [],
  FAILED_CONFIG: [],
  FAILED_CONNECTION: [],
  FAILED_TIMEOUT: [],
  FAILED_VALIDATION: [],
  FAILED_UPDATE: [],
} as const satisfies Record<ProvisioningState, readonly ProvisioningState[]>;

/** Whether a run ends in this state. */
export function isFinal(state: ProvisioningState): boolean {
  return transitions[state].length === 0;
}

/** Whether nobody is at work in this state: a run has ended in it, or has not begun. */
export function isAtRest(state: ProvisioningState): boolean {
  return state === "IDLE" || isFinal(state);
}

/** How far a provisioning is (specification, ProvisioningStatus). */
export interface ProvisioningStatus {
  readonly currentState: ProvisioningState;
  /** When the provisioning began, as far as the status file remembers. */
  readonly startedAt: Date;
  /** When this run of it began. */
  readonly roundStartedAt: Date;
  readonly completedAt?: Date;
  /** When the next run begins by itself, after one that failed with `wait`. */
  readonly nextTryAt?: Date;
  /** How often it was announced that something is tried again, in this run and those before it. */
  readonly errorCount: number;
  readonly lastError?: string;
  /** Empty until the device has a name. */
  readonly deviceName: string;
  /** The attempt id: one per provisioning, the same across its retries and restarts. */
  readonly correlationId: string;
}

const moment = "a moment such as 2025-10-23T14:30:00Z";
const timestamp = v.pipe(v.string(moment), v.isoTimestamp(moment));
const count = "a whole number, 0 or more";

/** The keys of `provisioning_status.json`. */
export const provisioningStatusEntries = {
  current_state: v.pipe(
    v.picklist(provisioningStates, `one of ${provisioningStates.join(", ")}`),
    v.description("How far the provisioning is. It ended in COMPLETED or in one of the FAILED states."),
  ),
  started_at: v.pipe(timestamp, v.description("When the provisioning began, as far as this file remembers.")),
  round_started_at: v.optional(
    v.pipe(timestamp, v.description("An addition of thermal-provision. When the present or last run of it began.")),
  ),
  completed_at: v.optional(v.pipe(timestamp, v.description("When the run ended."))),
  next_try_at: v.optional(
    v.pipe(
      timestamp,
      v.description("An addition of thermal-provision. When --wait tries again; absent where nothing is waited for."),
    ),
  ),
  error_count: v.pipe(
    v.number(count),
    v.safeInteger(count),
    v.minValue(0, count),
    v.description("How often a retry was announced, across the runs of this provisioning."),
  ),
  last_error: v.optional(
    v.pipe(
      v.string("a text"),
      v.description("The last error in one line: its code and its whole message. Never a secret."),
    ),
  ),
  device_name: v.pipe(v.string("a text"), v.description("Empty until the device has a name.")),
  correlation_id: v.pipe(
    v.string("a UUID"),
    v.uuid("a UUID"),
    v.description("One per provisioning: the same across its retries and restarts, and in every log line."),
  ),
};

/** Checks the content of `provisioning_status.json`. Keys of a newer version are ignored. */
export function ProvisioningStatus(input: unknown): Checked<ProvisioningStatus> {
  const checked = checkObject(provisioningStatusEntries, input, { unknownKeys: "ignored" });
  if (!checked.ok) return checked;
  const { round_started_at: round, completed_at: completedAt, next_try_at: nextTryAt, ...value } = checked.value;
  const { last_error: lastError } = value;
  return {
    ok: true,
    value: Object.freeze({
      currentState: value.current_state,
      startedAt: new Date(value.started_at),
      roundStartedAt: new Date(round ?? value.started_at),
      ...(completedAt === undefined ? {} : { completedAt: new Date(completedAt) }),
      ...(nextTryAt === undefined ? {} : { nextTryAt: new Date(nextTryAt) }),
      errorCount: value.error_count,
      ...(lastError === undefined ? {} : { lastError }),
      deviceName: value.device_name,
      correlationId: value.correlation_id,
    }),
  };
}

/** The status at the start of a run. */
export function idle(startedAt: Date, correlationId: string): ProvisioningStatus {
  return { currentState: "IDLE", startedAt, roundStartedAt: startedAt, errorCount: 0, deviceName: "", correlationId };
}

/** Moves `status` on; throws on a move that the table does not have, for that is a mistake in this program. */
export function advance(
  status: ProvisioningStatus,
  to: ProvisioningState,
  changes: Partial<Omit<ProvisioningStatus, "currentState" | "startedAt">> = {},
): ProvisioningStatus {
  const allowed: readonly ProvisioningState[] = transitions[status.currentState];
  if (!allowed.includes(to)) throw new RangeError(`no transition from ${status.currentState} to ${to}`);
  return { ...status, ...changes, currentState: to };
}
