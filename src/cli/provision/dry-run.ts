import { rehearse } from "../../dry-run.ts";
import type { ProvisionOptions } from "../../run/provision-options.ts";
import type { ExitStatus } from "../command/command.ts";
import type { Io } from "../io.ts";
import { tellingFailures } from "../report/report-failures.ts";
import { stylesFor } from "../text/styles.ts";
import { encodeRehearsal, rehearsalForPeople } from "./dry-run-for-people.ts";

/** `provision --dry-run`: warnings and what would happen, as lines of JSON or for people. */
export async function dryRun(
  options: ProvisionOptions,
  io: Io,
  { forPeople }: { readonly forPeople: boolean },
): Promise<ExitStatus> {
  return tellingFailures(io, { forPeople }, async () => {
    const rehearsal = await rehearse({ ...options, clock: io.clock });
    if (forPeople) {
      const lines = rehearsalForPeople(rehearsal, { width: Math.min(io.columns, 100), styles: stylesFor(io) });
      io.out(`${lines.join("\n")}\n`);
    } else {
      const lines = [
        ...rehearsal.warnings.map(({ code, message }) => ({ type: "warning", code, message })),
        { type: "outcome", result: "rehearsed", exit_status: 0, ...encodeRehearsal(rehearsal) },
      ];
      for (const line of lines) io.out(`${JSON.stringify(line)}\n`);
    }
    return 0;
  });
}
