import type { CameraState } from "../model/camera-state.ts";
import type { Outcome } from "../model/outcome.ts";
import { clockWarnings } from "../model/outdated.ts";
import { printableName } from "../model/problem.ts";
import { warning } from "../model/warnings.ts";
import { bodyWarnings } from "./body-warnings.ts";
import { glance, isCalledFor, restOf } from "./glance.ts";
import { lossWarnings } from "./lost-credentials.ts";
import type { ProvisionOptions } from "./provision-options.ts";
import { Report } from "./report.ts";
import { type Setting, setting } from "./setting.ts";

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
  warnAtRest(report, where, seen.camera, options);
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

/** What somebody should know of a camera of which nothing is asked; of one that is provisioned somebody may want something. */
export function warnAtRest(
  report: Report,
  { files }: Pick<Setting, "files">,
  camera: CameraState,
  options: Pick<ProvisionOptions, "bodyFile" | "noBody" | "bodyReplaced">,
): void {
  const { misnamedTrigger, device, state } = camera;
  if (misnamedTrigger !== undefined) {
    report.warn(warning("TRIGGER_MISNAMED", `It is ${printableName(misnamedTrigger)}.`));
  }
  report.warn(
    ...bodyWarnings(files, camera, options),
    ...(state === "provisioned" ? clockWarnings(device?.provisionedAt) : []),
  );
}
