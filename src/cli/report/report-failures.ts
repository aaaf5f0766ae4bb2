import { ProvisioningError } from "../../model/errors.ts";
import type { ExitStatus } from "../command/command.ts";
import type { Io } from "../io.ts";
import { lookOf } from "../text/look.ts";
import { encodeError } from "./encode-error.ts";
import { errorForPeople } from "./error-for-people.ts";
import { printJson, printLines } from "./print.ts";
import type { Here } from "./remedy.ts";

/**
 * Runs what may end in a ProvisioningError, and reports it in the form that was asked for. Anything else is thrown on:
 * it is a mistake in this program.
 */
export async function reportFailures(
  io: Io,
  { forPeople, here = "device" }: { readonly forPeople: boolean; readonly here?: Here },
  act: () => Promise<ExitStatus>,
): Promise<ExitStatus> {
  try {
    return await act();
  } catch (error) {
    if (!ProvisioningError.is(error)) throw error;
    const { exitStatus } = error;
    if (forPeople) {
      printLines(io, errorForPeople(error, { ...lookOf(io), deviceName: "", waited: true, here }));
    } else {
      printJson(io, { type: "outcome", result: "failed", exit_status: exitStatus, error: encodeError(error) });
    }
    return exitStatus;
  }
}
