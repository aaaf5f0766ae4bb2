import { Expired } from "../base/clock.ts";
import type { Event } from "../flow/accept.ts";
import { errorKind, ProvisioningError } from "../model/errors.ts";
import type { Asking } from "./task.ts";
import type { Try } from "./tries.ts";

/** What a failed conversation means for the judgement. Errors of the disk, and the user's stop, go on upwards. */
export async function setbackOf(
  { surroundings, report }: Asking,
  present: Try,
  failure: unknown,
  event: "lost" | "unreachable" | "probe-unanswered",
): Promise<Event> {
  surroundings.signal.throwIfAborted();
  if (failure instanceof Expired) return { event, code: report.timeIsUp() };
  if (!ProvisioningError.is(failure) || isOfTheDisk(failure)) throw failure;
  const error = await present.explain(failure);
  surroundings.signal.throwIfAborted();
  if (!error.isRetryable || error.endsRun) return { event: "ended", code: report.setback(error) };
  // A connection that was cut off because the whole run's time is up says nothing about the server.
  return { event, code: present.runIsOver ? report.timeIsUp() : report.setback(error) };
}

function isOfTheDisk(error: ProvisioningError): boolean {
  const { state } = errorKind(error.errorCode);
  return state === "FAILED_UPDATE" || state === "FAILED_CONFIG";
}

/**
 * Does what needs the disk after the server has answered: a disk that is full by then loses nothing
 * (docs/architecture.md#the-order-of-saving).
 */
export function afterTheAnswer<Value>(act: () => Value): Value {
  try {
    return act();
  } catch (error) {
    throw asAfterTheAnswer(error);
  }
}

/** The same with a journal that takes its time, as a database does. */
export async function soonAfterTheAnswer<Value>(act: () => Value | Promise<Value>): Promise<Value> {
  try {
    return await act();
  } catch (error) {
    throw asAfterTheAnswer(error);
  }
}

function asAfterTheAnswer(error: unknown): unknown {
  if (!ProvisioningError.is(error) || error.errorCode !== "NO_SPACE") return error;
  return new ProvisioningError("NO_SPACE_AFTER_ANSWER", error.message, { cause: error });
}
