import type { Candidate, Proof } from "../flow/known.ts";
import { probe } from "./steps/probe.ts";
import type { Asking } from "./task.ts";
import { Try } from "./tries.ts";

/**
 * Asks the server once whether it knows `candidate`; undefined: it refuses it. The report must have come as far as
 * LOADING_CONFIG.
 *
 * @throws ProvisioningError where nobody answers, or not as ThingsBoard does
 */
export async function proveOnce(asking: Asking, candidate: Candidate): Promise<Proof | undefined> {
  const { surroundings, report } = asking;
  using only = new Try(asking, surroundings.signal);
  const event = await probe(asking, [candidate], only);
  switch (event.event) {
    case "probe-accepted":
      return event.proof;
    case "probe-unanswered":
    case "ended":
      throw report.lastErrorFor(event.code);
    default:
      return undefined;
  }
}
