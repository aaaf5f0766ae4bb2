import { deadline } from "./base/clock.ts";
import { type Duration, milliseconds } from "./base/duration.ts";
import { readBody } from "./files/body.ts";
import { takeLock } from "./files/disk/lock.ts";
import { accept } from "./flow/accept.ts";
import { decide } from "./flow/decide.ts";
import { holdsAnything, type Known } from "./flow/known.ts";
import { spread, triesInARun, waitAtLeast, waitsBetweenRuns } from "./flow/waits.ts";
import { ProvisioningError } from "./model/errors.ts";
import { attemptIdOf, lastNameOf } from "./model/journal.ts";
import type { Outcome } from "./model/outcome.ts";
import type { ProvisioningStatus } from "./model/provisioning-status.ts";
import { warning } from "./model/warnings.ts";
import { factsOf } from "./run/facts.ts";
import { checkTrust, load } from "./run/load.ts";
import { lossWarnings } from "./run/lost-credentials.ts";
import { refuseOtherBody } from "./run/other-body.ts";
import type { ProvisionOptions } from "./run/provision-options.ts";
import { Report, type WaitAfter } from "./run/report.ts";
import { lookAgain } from "./run/steps/look-again.ts";
import { probe } from "./run/steps/probe.ts";
import { recognise } from "./run/steps/recognise.ts";
import { request } from "./run/steps/request.ts";
import { closeSuperseded, confirmExisting, finishInterrupted, saveNew } from "./run/steps/save.ts";
import { tidyUp } from "./run/steps/tidy-up.ts";
import { writeIntent } from "./run/steps/write-intent.ts";
import { type Surroundings, surroundings as withDefaults } from "./run/surroundings.ts";
import { type Survey, survey } from "./run/survey.ts";
import type { Task } from "./run/task.ts";
import { Tries } from "./run/tries.ts";
import { settleElsewhere } from "./run/unfinished.ts";
import { withdrawNextTry } from "./run/withdraw-next-try.ts";

/**
 * Puts the camera on its ThingsBoard server, exactly once. Every failure is a value: the promise does
 * not reject. Safe to call at any time, also after a crash of an earlier call.
 *
 * ```ts
 * import { provision } from "thermal-provision";
 *
 * const outcome = await provision({ directory: "/var/lib/camera", signal: AbortSignal.timeout(60_000) });
 * if (outcome.result === "failed") console.error(outcome.error.errorCode, outcome.error.message);
 * ```
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
  const { clock, randomness, signal } = surroundings;
  const waits = waitsBetweenRuns(() => randomness.fraction());
  let wait: Duration | undefined;
  // Known before a run says how it ended, so that its last status can tell when the next one begins.
  const waitAfter = (error: ProvisioningError) => {
    const goesOn = surroundings.wait && error.isRetryable && !signal.aborted;
    wait = goesOn ? waitAtLeast(waits.next().value, error.retryAfterSeconds ?? 0, randomness.fraction()) : undefined;
    return wait;
  };
  for (let before: ProvisioningStatus | undefined; ; ) {
    const outcome = await run(surroundings, before, waitAfter);
    if (outcome.result !== "failed" || wait === undefined) return outcome;
    const { errorCode: because, message } = outcome.error;
    surroundings.onRetry({ wait, because, message });
    await clock.sleep(wait, signal).catch(() => {});
    if (signal.aborted) await withdrawNextTry(surroundings, outcome.status);
    before = outcome.status;
  }
}

/** Of options that cannot be used none is used, not even a callback. */
function refused(error: ProvisioningError): Outcome {
  const report = new Report(withDefaults({}));
  report.enter("DETECTING_FILES");
  return report.failed(error);
}

/** One run: look, lock, load, then step by step until it ends. */
async function run(
  surroundings: Surroundings,
  before: ProvisioningStatus | undefined,
  waitAfter: WaitAfter,
): Promise<Outcome> {
  const report = new Report(surroundings, before, waitAfter);
  try {
    surroundings.signal.throwIfAborted();
    const found = detect(surroundings, report);
    report.warn(...lossWarnings(found.lost));
    if (isNothing(found)) return await tidyUp(surroundings, report, found);
    report.warn(...checkTrust(surroundings));
    using lock = await takeLock(surroundings.files, surroundings.directory, surroundings.clock);
    report.lockTaken();
    if (!lock.kept) report.warn(warning("NO_LOCK"));
    return await proceed(surroundings, report, before !== undefined);
  } catch (error) {
    return report.failed(surroundings.signal.aborted ? stopped(surroundings.signal) : ProvisioningError.from(error));
  }
}

/** What the files tell, and at once which attempt the run is about: all that it says from here on names that one. */
function detect(surroundings: Surroundings, report: Report): Survey {
  try {
    const found = survey(surroundings);
    if (found.meant !== undefined) report.about(attemptIdOf(found.meant) ?? "", lastNameOf(found.meant) ?? "");
    else if (endedBeforeItsJournal(found)) report.resume(found.status);
    report.remember(found.status);
    return found;
  } finally {
    report.begin();
  }
}

/** Whether the last status is of a start that came to nothing: no journal has anything, and no device was named. */
function endedBeforeItsJournal(found: Survey): found is Survey & { readonly status: ProvisioningStatus } {
  const { status, journals } = found;
  if (status === undefined || isNothing(found) || journals.some(holdsAnything)) return false;
  return status.deviceName === "" && status.currentState !== "COMPLETED" && status.currentState !== "IDLE";
}

function isNothing({ next }: Survey): boolean {
  return next === "nothing" || next === "tidy up";
}

/** With the lock: looks once more, for another run may have done the work meanwhile, and goes on from there. */
async function proceed(surroundings: Surroundings, report: Report, isLaterRound: boolean): Promise<Outcome> {
  if (isLaterRound) report.countRepetition();
  report.enter("DETECTING_FILES");
  const found = survey(surroundings);
  if (isNothing(found)) return report.nothingToDo(found.camera);
  const { committed, inputs } = found;
  const body = surroundings.noBody ? undefined : readBody(surroundings.files, surroundings.bodyFile);
  if (!surroundings.bodyReplaced) refuseOtherBody(found, { body, newIdentity: surroundings.newIdentity });
  if (committed?.superseded === false) return finishInterrupted(surroundings, report, committed);
  if (committed !== undefined) closeSuperseded(surroundings, report, committed);
  report.enter("LOADING_CONFIG");
  if (found.next === "stop") throw found.problem;
  if (inputs === undefined) throw new ProvisioningError("INTERNAL", "a run goes on without its input files");
  const elsewhere = settleElsewhere(surroundings, found, inputs.credentials.host);
  const { task, known } = await load(surroundings, report, inputs, { body, elsewhere });
  return story(task, { ...known, isLaterRound });
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
      case "recognise":
        known = accept(known, await recognise(task, tries.begin()));
        break;
      case "write-intent":
        known = accept(known, await writeIntent(task, step, known));
        break;
      case "look-again":
        known = accept(known, lookAgain(task));
        break;
      case "request":
        known = accept(known, await request(task, step, tries.begin(), known.journal));
        break;
      case "probe":
        known = accept(known, await probe(task, step.candidates, tries.present()));
        tries.end();
        break;
      case "wait": {
        // A retry that the end of the run would overtake is not announced.
        const wait = surroundings.wait ? spread(step.for, surroundings.randomness.fraction()) : step.for;
        if (whole.remaining() <= wait) {
          known = accept(known, { event: "out-of-time" });
          break;
        }
        const { message } = report.errorFor(step.because);
        report.countRepetition();
        surroundings.onRetry({ wait, because: step.because, message });
        await surroundings.clock.sleep(wait, surroundings.signal);
        known = accept(known, { event: "waited" });
        break;
      }
      case "commit":
        return saveNew(task, known, step.proof, step.certain);
      case "keep":
        return confirmExisting(task, known, step.configured, step.proof);
      case "finish":
        return finishInterrupted(surroundings, report, { host: credentials.host, configured: step.configured });
      case "stop":
        return report.failed(report.lastErrorFor(step.code, factsOf(known, credentials)));
    }
  }
}

/** The error of a run that was told to stop. */
function stopped({ reason }: AbortSignal): ProvisioningError {
  if (ProvisioningError.is(reason)) return reason;
  return new ProvisioningError("INTERRUPTED", "the run was stopped; the next one goes on from here", { cause: reason });
}
