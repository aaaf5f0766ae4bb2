import type { Proof } from "../../flow/known.ts";
import { earlyProbes } from "../../flow/waits.ts";
import type { Intent } from "../../model/journal.ts";
import type { Task } from "../task.ts";
import type { Try } from "../tries.ts";
import { proveOnSpare } from "./probe.ts";

/**
 * Gives the answer to a request, or, where it does not come for two seconds, the proof that the server knows what was
 * asked for: the answer is lost then, and waiting for it costs a camera half a minute. Whatever else comes of that early
 * probe says nothing, for the server may still be at work. Rejects as `ask` does.
 */
export async function answerOrProof(
  task: Task,
  intent: Intent,
  present: Try,
  ask: (signal: AbortSignal, probeEarly: () => void) => Promise<Uint8Array>,
): Promise<Uint8Array | Proof> {
  const asking = linked(present.signal);
  const proving = linked(present.signal);
  try {
    return await new Promise((resolve, reject) => {
      const probeEarly = () =>
        void early(task, intent, present, proving.signal).then((proof) => proof && resolve(proof));
      ask(asking.signal, probeEarly).then(resolve, reject);
    });
  } finally {
    asking.abort();
    proving.abort();
  }
}

async function early(task: Task, intent: Intent, present: Try, signal: AbortSignal): Promise<Proof | undefined> {
  const { surroundings, probesEarly = false } = task;
  try {
    if (!probesEarly) return undefined;
    await surroundings.clock.sleep(earlyProbes.after, signal);
    if (!present.hasSpare(intent.credentials) || !surroundings.refusedLogins.areFew) return undefined;
    const { credentials, deviceName, knownInAdvance } = intent;
    const origin = knownInAdvance ? "known in advance" : "intent";
    return await proveOnSpare(task, { origin, credentials, deviceName, deviceId: null }, present, signal);
  } catch {
    return undefined;
  }
}

/** Ends with `signal`, or by itself. (`AbortSignal.any` leaves some bytes behind on Node 20.) */
function linked(signal: AbortSignal): AbortController {
  const controller = new AbortController();
  const forward = () => controller.abort(signal.reason);
  if (signal.aborted) forward();
  else signal.addEventListener("abort", forward, { signal: controller.signal });
  return controller;
}
