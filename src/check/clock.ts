import { ProvisioningError } from "../model/errors.ts";
import { firstReleased } from "../model/outdated.ts";
import { warning } from "../model/warnings.ts";
import { type CheckLine, failed, ok, warned } from "./line.ts";

/** A clock that was never set finds every certificate not valid yet; without TLS it only spoils a date. */
export function checkClock(now: Date, usesTls: boolean): CheckLine {
  const [shown, released] = [now.toISOString(), firstReleased.toISOString().slice(0, 10)];
  if (now >= firstReleased) return ok("clock", "date", `${shown}, and this program was first made on ${released}`);
  if (!usesTls) return warned("clock", "date", warning("CLOCK_NOT_SET", `It says ${shown}.`));
  const message = `the camera's clock says ${shown}, and this program was first made on ${released}: it is not set`;
  return failed("clock", "date", new ProvisioningError("TLS_NOT_YET_VALID", message));
}
