import { ProvisioningError } from "../../model/errors.ts";
import type { ExitStatus } from "../command/command.ts";
import type { Io } from "../io.ts";
import { encodeError } from "../provision/json-lines.ts";
import { failure } from "../provision/outcome-for-people.ts";
import { stylesFor } from "../text/styles.ts";

/**
 * Runs what may end in a ProvisioningError, and tells of it in the form that was asked for. Anything else is thrown on:
 * it is a mistake in this program.
 */
export async function tellingFailures(
  io: Io,
  { forPeople }: { readonly forPeople: boolean },
  act: () => Promise<ExitStatus>,
): Promise<ExitStatus> {
  try {
    return await act();
  } catch (error) {
    if (!ProvisioningError.is(error)) throw error;
    const { exitStatus } = error;
    if (forPeople) {
      const lines = failure(error, "", { width: Math.min(io.columns, 100), styles: stylesFor(io), waited: true });
      io.out(`${lines.join("\n")}\n`);
    } else {
      const outcome = { type: "outcome", result: "failed", exit_status: exitStatus, error: encodeError(error) };
      io.out(`${JSON.stringify(outcome)}\n`);
    }
    return exitStatus;
  }
}
