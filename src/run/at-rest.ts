import type { CameraState } from "../model/camera-state.ts";
import type { Outcome } from "../model/outcome.ts";
import { printable } from "../model/problem.ts";
import { warning } from "../model/warnings.ts";
import { glance, isCalledFor, restOf } from "./glance.ts";
import { lossWarnings } from "./lost-credentials.ts";
import type { ProvisionOptions } from "./provision-options.ts";
import { Report } from "./report.ts";
import { setting } from "./setting.ts";

/**
 * The whole run where nothing is to be done, as most starts of a camera are: the same words and outcome as `provision`
 * has for it, without the modules that a provisioning needs. Undefined where there is more to it than that, be it an
 * error; then nobody was told anything, and it is for `provision`.
 */
export function atRest(options: ProvisionOptions): Outcome | undefined {
  const found = lookFor(options);
  if (found === undefined) return undefined;
  const { where, seen } = found;
  const report = new Report(where);
  report.remember(seen.status);
  report.begin();
  report.warn(...lossWarnings(seen.lost));
  warnOfMisnamed(report, seen.camera);
  return report.nothingToDo(seen.camera);
}

/** Undefined where something is to be done, or this cannot be told. */
function lookFor(options: ProvisionOptions) {
  try {
    const where = setting(options);
    if (where.signal.aborted) return undefined;
    const seen = glance(where);
    return !isCalledFor(seen) && restOf(where, seen).next === "nothing" ? { where, seen } : undefined;
  } catch {
    return undefined;
  }
}

/** Of a camera that is provisioned somebody may want something all the same. */
export function warnOfMisnamed(report: Report, { misnamedTrigger }: CameraState): void {
  if (misnamedTrigger === undefined) return;
  report.warn(warning("TRIGGER_MISNAMED", `It is ${printable(misnamedTrigger)}.`));
}
