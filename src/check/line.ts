import { type ErrorCode, errorKind, type ProvisioningError } from "../model/errors.ts";
import { type Warning, type WarningCode, warningTable } from "../model/warnings.ts";

/** What is looked at, in this order: what stands behind depends on what stands before. */
export const checkGroups = ["files", "disk", "camera", "clock", "name", "way", "TLS", "server"] as const;

export type CheckGroup = (typeof checkGroups)[number];

/** One thing that was looked at. */
export interface CheckLine {
  readonly group: CheckGroup;
  /** What was looked at: `provision.json`. */
  readonly name: string;
  /** `skipped`: absent, not asked for, or the consequence of something else that failed. */
  readonly state: "ok" | "warning" | "failed" | "skipped";
  /** What was found there; several lines where there is much to tell. Never a secret. */
  readonly found: string;
  /** What to do about it. */
  readonly remedy?: string;
  /** The group whose failure keeps this from being looked at. */
  readonly becauseOf?: CheckGroup;
  /** The code of the error or warning that a run would end with or tell. */
  readonly code?: ErrorCode | WarningCode;
}

/** A failure with the code of the error table, from which its exit status comes. */
export interface FailedLine extends CheckLine {
  readonly state: "failed";
  readonly code: ErrorCode;
}

export function ok(group: CheckGroup, name: string, found: string): CheckLine {
  return { group, name, state: "ok", found };
}

/** Absent, or not asked for. */
export function skipped(group: CheckGroup, name: string, found: string): CheckLine {
  return { group, name, state: "skipped", found };
}

export function skippedBecause(group: CheckGroup, name: string, becauseOf: CheckGroup): CheckLine {
  return { group, name, state: "skipped", found: `not looked at, because of ${becauseOf}`, becauseOf };
}

export function warned(group: CheckGroup, name: string, { code, message }: Warning): CheckLine {
  return { group, name, state: "warning", found: message, remedy: warningTable[code].remedy, code };
}

/** A warning that a run does not know. */
export function noticed(group: CheckGroup, name: string, found: string, remedy: string): CheckLine {
  return { group, name, state: "warning", found, remedy };
}

export function failed(group: CheckGroup, name: string, { errorCode, message }: ProvisioningError): FailedLine {
  const { onTheDevice, onTheServer } = errorKind(errorCode);
  const [remedy] = [...onTheDevice, ...onTheServer.map((words) => `on the server: ${words}`)];
  return {
    ...{ group, name, state: "failed", found: message, code: errorCode },
    ...(remedy === undefined ? {} : { remedy }),
  };
}

export function isFailed(line: CheckLine): line is FailedLine {
  return line.state === "failed";
}

/** What needs a correction outranks what is full or broken, that a refusal, and that what may pass by itself. */
const worstFirst = [78, 73, 74, 77, 75] as const;

export type CheckStatus = 0 | (typeof worstFirst)[number];

export function statusOf(lines: readonly CheckLine[]): CheckStatus {
  const found = lines.filter(isFailed).map(({ code }) => errorKind(code).exitStatus);
  return worstFirst.find((status) => found.includes(status)) ?? (found.length === 0 ? 0 : 75);
}
