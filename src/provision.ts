import { deadline } from "./base/clock.ts";
import { milliseconds } from "./base/duration.ts";
import { takeLock } from "./files/disk/lock.ts";
import { accept } from "./flow/accept.ts";
import { decide } from "./flow/decide.ts";
import type { Known } from "./flow/known.ts";
import { triesInARun, waitsBetweenRuns } from "./flow/waits.ts";
import { ProvisioningError } from "./model/errors.ts";
import type { Outcome } from "./model/outcome.ts";
import { warning } from "./model/warnings.ts";
import { load, type Task } from "./run/load.ts";
import { findCommittedWork, lookAgain, somethingToDo } from "./run/look.ts";
import { type ProvisionOptions, type Surroundings, surroundings as withDefaults } from "./run/provision-options.ts";
import { recognise } from "./run/recognise.ts";
import { Report } from "./run/report.ts";
import { probe } from "./run/steps/probe.ts";
import { request } from "./run/steps/request.ts";
import { commit, conclude, finish, keep } from "./run/steps/save.ts";
import { tidyUp } from "./run/steps/tidy-up.ts";
import { writeIntent } from "./run/steps/write-intent.ts";
import { Tries } from "./run/tries.ts";

/**
 * Puts the camera on its ThingsBoard server, exactly once. Every failure is a value: the promise does
 * not reject. Safe to call at any time, also after a crash of an earlier call.
 */
export async function provision(options: ProvisionOptions = {}): Promise<Outcome> {
  try {
    return await keepTrying(withDefaults(options));
  } catch (error) {
    return refused(ProvisioningError.from(error));
  }
}

/** Runs until one has ended for good: without `wait`, the first. */
async function keepTrying(surroundings: Surroundings): Promise<Outcome> {
  const waits = waitsBetweenRuns(() => surroundings.randomness.fraction());
  for (;;) {
    const outcome = await run(surroundings);
    if (!surroundings.wait || outcome.result !== "failed" || !outcome.error.isRetryable) return outcome;
    if (surroundings.signal.aborted) return outcome;
    const { errorCode: because, message } = outcome.error;
    const wait = waits.next().value;
    surroundings.onRetry({ wait, because, message });
    await surroundings.clock.sleep(wait, surroundings.signal).catch(() => {});
  }
}

/** Of options that cannot be used none is used, not even a callback. */
function refused(error: ProvisioningError): Outcome {
  const report = new Report(withDefaults({}));
  report.enter("DETECTING_FILES");
  return report.failed(error);
}

/** One run: look, lock, load, then step by step until it ends. */
async function run(surroundings: Surroundings): Promise<Outcome> {
  const report = new Report(surroundings);
  try {
    surroundings.signal.throwIfAborted();
    recognise(surroundings, report);
    report.enter("DETECTING_FILES");
    if (!somethingToDo(surroundings)) return await tidyUp(surroundings, report);
    using lock = await takeLock(surroundings.files, surroundings.directory);
    report.lockTaken();
    if (!lock.kept) report.warn(warning("NO_LOCK"));
    // Another run may have done the work while this one had no lock.
    if (!somethingToDo(surroundings)) return report.nothingToDo();
    const committed = findCommittedWork(surroundings);
    if (committed?.superseded) conclude(surroundings, report, committed);
    else if (committed !== undefined) return finish(surroundings, report, committed);
    report.enter("LOADING_CONFIG");
    const begun = await load(surroundings, report);
    return begun === undefined ? report.nothingToDo() : await story(begun.task, begun.known);
  } catch (error) {
    return report.failed(surroundings.signal.aborted ? stopped(surroundings.signal) : ProvisioningError.from(error));
  }
}

/** The provisioning itself: what is known decides the next step, and what comes back is learnt. */
async function story(task: Task, begun: Known): Promise<Outcome> {
  const { surroundings, report, credentials } = task;
  using whole = deadline(surroundings.clock, milliseconds(credentials.timeout * triesInARun), surroundings.signal);
  using tries = new Tries(task, whole.signal);
  for (let known = begun; ; ) {
    surroundings.signal.throwIfAborted();
    const step = decide(known);
    switch (step.do) {
      case "write-intent":
        known = accept(known, await writeIntent(task, step, known));
        break;
      case "look-again":
        known = accept(known, lookAgain(task));
        break;
      case "request":
        known = accept(known, await request(task, step.intent, tries.begin(), known.journal));
        break;
      case "probe":
        known = accept(known, await probe(task, step.candidates, tries.present()));
        tries.end();
        break;
      case "wait": {
        // A retry that the end of the run would overtake is not announced.
        if (whole.remaining() <= step.for) return report.failed(report.lastErrorFor(step.because));
        const { message } = report.errorFor(step.because);
        surroundings.onRetry({ wait: step.for, because: step.because, message });
        await surroundings.clock.sleep(step.for, surroundings.signal);
        known = accept(known, { event: "waited" });
        break;
      }
      case "commit":
        return commit(task, known, step.proof, step.certain);
      case "keep":
        return keep(task, known, step.configured, step.proof);
      case "finish":
        return finish(surroundings, report, { host: credentials.host, configured: step.configured });
      case "stop":
        return report.failed(report.lastErrorFor(step.code));
    }
  }
}

/** The error of a run that was told to stop. */
function stopped({ reason }: AbortSignal): ProvisioningError {
  if (ProvisioningError.is(reason)) return reason;
  return new ProvisioningError("INTERRUPTED", "the run was stopped; the next one goes on from here", { cause: reason });
}
