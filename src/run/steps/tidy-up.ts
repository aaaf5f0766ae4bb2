import { takeLock } from "../../files/disk/lock.ts";
import { readJournal } from "../../files/journal/journal.ts";
import { readStatus } from "../../files/status-file.ts";
import { sweep } from "../../files/sweep.ts";
import { misnamedTrigger } from "../../files/trigger.ts";
import type { Outcome } from "../../model/outcome.ts";
import { printable } from "../../model/problem.ts";
import { isFinal } from "../../model/provisioning-status.ts";
import { warning } from "../../model/warnings.ts";
import type { Surroundings } from "../provision-options.ts";
import type { Report } from "../report.ts";
import { type Survey, survey } from "../survey.ts";

/**
 * Nothing is left to do. But a run that was killed may have left a temporary file, a record that it had only begun to
 * write, or a status that says it was still at work: that is put right. Best effort: nothing depends on it, and where
 * another run has the lock, or the disk is read-only by now, it stays as it is.
 */
export async function tidyUp(surroundings: Surroundings, report: Report, { next }: Survey): Promise<Outcome> {
  const { files, directory } = surroundings;
  let told: Outcome | undefined;
  try {
    const misnamed = misnamedTrigger(files, directory);
    if (misnamed !== undefined) report.warn(warning("TRIGGER_MISNAMED", `It is ${printable(misnamed)}.`));
    if (next === "tidy up") told = await putRight(surroundings, report);
  } catch {}
  return told ?? report.nothingToDo();
}

/** With an outcome where a status had to be put right. */
async function putRight(surroundings: Surroundings, report: Report): Promise<Outcome | undefined> {
  const { files, directory, clock } = surroundings;
  using _lock = await takeLock(files, directory, clock);
  // Another run may have begun meanwhile.
  const { next, inputs } = survey(surroundings);
  if (next !== "tidy up") return undefined;
  sweep(files, directory);
  if (inputs !== undefined) readJournal(files, directory, inputs.credentials.host, clock.now());
  const status = readStatus(files, directory);
  if (status === undefined || isFinal(status.currentState)) return undefined;
  report.lockTaken();
  report.about(status.correlationId, status.deviceName);
  return report.nothingToDo();
}
