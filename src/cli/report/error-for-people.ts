import { type ErrorKind, errorKind, type ProvisioningError } from "../../model/errors.ts";
import type { Look } from "../text/look.ts";
import { wrap } from "../text/wrap.ts";
import { fact, verdict } from "./facts.ts";
import { type Here, remedy } from "./remedy.ts";

export interface Failure extends Look {
  /** Empty until the device has one. */
  readonly deviceName: string;
  /** The run was one with --wait. */
  readonly waited: boolean;
  /** Default: the device. */
  readonly here?: Here;
}

/**
 * Why it did not work, and what to do about it. What is most important comes last: on a small terminal the beginning has
 * scrolled away when somebody looks.
 */
export function errorForPeople(error: ProvisioningError, failure: Failure): string[] {
  const { errorCode, exitStatus, message, facts } = error;
  const kind = errorKind(errorCode);
  if (kind.state === "unchanged") {
    return [...verdict("STOPPED", message, failure), ...nameKept(failure), ...next(error, kind, failure)];
  }
  return [
    "",
    ...remedy(kind, failure, { here: failure.here ?? "device", facts }),
    "",
    ...nameKept(failure),
    ...next(error, kind, failure),
    ...verdict("FAIL", `${errorCode} (exit status ${exitStatus})`, failure),
    ...wrap(sentence(message), failure.width),
    ...(says(message, kind.meaning) ? [] : wrap(kind.meaning, failure.width)),
  ];
}

/** Messages are made to stand behind a code; alone, one that begins with a word, and no name, is a sentence. */
function sentence(message: string): string {
  return /^[a-z]+ /.test(message) ? message.charAt(0).toUpperCase() + message.slice(1) : message;
}

/** Whether `message` says already what the table would add. */
function says(message: string, meaning: string): boolean {
  return message.toLowerCase().includes(meaning.toLowerCase().replace(/\.$/, ""));
}

function nameKept(failure: Failure): string[] {
  return failure.deviceName === "" ? [] : fact("Device", `${failure.deviceName} (the name is kept)`, failure);
}

function next({ isRetryable, retryAfterSeconds }: ProvisioningError, { state }: ErrorKind, failure: Failure): string[] {
  if (state === "unchanged") return fact("Next", "start again.", failure);
  const asked = failure.deviceName !== "";
  if (!isRetryable) {
    const kept = asked ? ": the camera keeps its name and token" : "";
    return fact("Next", `correct the cause, then start again${kept}.`, failure);
  }
  const byItself = failure.waited ? "" : ", or with --wait, which keeps trying";
  const kept = asked ? ": the camera keeps its name and token" : "";
  return fact("Next", `start again after ${retryAfterSeconds} s${byItself}${kept}.`, failure);
}
