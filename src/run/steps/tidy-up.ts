import { takeLock } from "../../files/disk/lock.ts";
import { hasPutAside, readJournal } from "../../files/journal/journal.ts";
import { removeOutdated } from "../../files/outdated-credentials.ts";
import { sweep } from "../../files/sweep.ts";
import type { Outcome } from "../../model/outcome.ts";
import { isAtRest } from "../../model/provisioning-status.ts";
import { warnAtRest } from "../at-rest.ts";
import { isStale } from "../glance.ts";
import type { Report } from "../report.ts";
import type { Surroundings } from "../surroundings.ts";
import { type Survey, survey } from "../survey.ts";

/**
 * Nothing is left to do. But a run that was killed may have left a temporary file, a record that it had only begun to
 * write, or a status that says it was still at work: that is put right. Best effort: nothing depends on it, and where
 * another run has the lock, or the disk is read-only by now, it stays as it is.
 */
export async function tidyUp(surroundings: Surroundings, report: Report, { next, camera }: Survey): Promise<Outcome> {
  warnAtRest(report, surroundings, camera, surroundings);
  let told: Outcome | undefined;
  try {
    if (next === "tidy up") told = await putRight(surroundings, report);
  } catch {}
  return told ?? report.nothingToDo(camera);
}

/** With an outcome where a status had to be put right. */
async function putRight(surroundings: Surroundings, report: Report): Promise<Outcome | undefined> {
  const { files, directory, clock } = surroundings;
  using _lock = await takeLock(files, directory, clock);
  // Another run may have begun meanwhile.
  const { next, inputs, status, camera } = survey(surroundings);
  if (next !== "tidy up") return;
  sweep(files, directory);
  const looked = { now: clock.now(), isProvisioned: camera.state === "provisioned" };
  report.warn(...removeOutdated(files, directory, looked).warnings);
  if (inputs !== undefined) readJournal(files, directory, inputs.credentials.host, clock.now());
  if (status === undefined || !isStale(status, camera)) return;
  report.about(status.correlationId, status.deviceName);
  report.remember(status);
  report.lockTaken();
  if (isAtRest(status.currentState)) return report.nothingToDo(camera);
  const place = hasPutAside(files, directory) ? ", and what it had begun was put aside" : "";
  return report.nothingToDo(camera, `INTERRUPTED: the last run was interrupted in ${status.currentState}${place}`);
}
