import { dryRun } from "../../dry-run.ts";
import type { ProvisionOptions } from "../../run/provision-options.ts";
import type { ExitStatus } from "../command/command.ts";
import type { Io } from "../io.ts";
import { printJson, printLines } from "../report/print.ts";
import { reportFailures } from "../report/report-failures.ts";
import { lookOf } from "../text/look.ts";
import { encodeRehearsal, rehearsalForPeople } from "./dry-run-for-people.ts";

/** `provision --dry-run`: warnings and what would happen, as lines of JSON or for people. */
export async function printDryRun(
  options: ProvisionOptions,
  io: Io,
  { forPeople }: { readonly forPeople: boolean },
): Promise<ExitStatus> {
  return reportFailures(io, { forPeople }, async () => {
    const rehearsal = await dryRun({ ...options, clock: io.clock });
    if (forPeople) {
      printLines(io, rehearsalForPeople(rehearsal, lookOf(io)));
    } else {
      for (const { code, message } of rehearsal.warnings) printJson(io, { type: "warning", code, message });
      printJson(io, { type: "outcome", result: "rehearsed", exit_status: 0, ...encodeRehearsal(rehearsal) });
    }
    return 0;
  });
}
