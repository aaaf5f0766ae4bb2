import { takeLock } from "../../files/disk/lock.ts";
import { readStatus } from "../../files/status-file.ts";
import { hasLeftovers, sweep } from "../../files/sweep.ts";
import { misnamedTrigger } from "../../files/trigger.ts";
import type { Outcome } from "../../model/outcome.ts";
import { printable } from "../../model/problem.ts";
import { isFinal } from "../../model/provisioning-status.ts";
import { warning } from "../../model/warnings.ts";
import type { Surroundings } from "../provision-options.ts";
import type { Report } from "../report.ts";

/**
 * Nothing is left to do. But a run that was killed after its work, before it could say so, may have left a temporary
 * file, or a status that says it was still at work: that is put right. As well as can be: nothing depends on it, and
 * where another run has the lock, or the disk is read-only by now, it is not this run's affair.
 */
export async function tidyUp({ files, directory }: Surroundings, report: Report): Promise<Outcome> {
  try {
    const misnamed = misnamedTrigger(files, directory);
    if (misnamed !== undefined) report.warn(warning("TRIGGER_MISNAMED", `It is ${printable(misnamed)}.`));
    const status = readStatus(files, directory);
    const isStale = status !== undefined && !isFinal(status.currentState);
    if (isStale || hasLeftovers(files, directory)) {
      using _lock = await takeLock(files, directory);
      sweep(files, directory);
      if (isStale) {
        report.lockTaken();
        report.about(status.correlationId, status.deviceName);
        return report.nothingToDo();
      }
    }
  } catch {}
  return report.nothingToDo();
}
