import { fileError } from "../files/disk/file-error.ts";
import { ProvisioningError } from "../model/errors.ts";

/** A value, or why there is none. */
export type Attempt<Value> = { readonly value: Value } | { readonly problem: ProvisioningError };

/** What is no error of ours and of no system call is a mistake in this program, and is thrown on. */
export function attempt<Value>(act: () => Value, doing = "looking at the camera's files"): Attempt<Value> {
  try {
    return { value: act() };
  } catch (error) {
    const problem = fileError(error, doing);
    if (ProvisioningError.is(problem)) return { problem };
    throw problem;
  }
}

export async function attemptLater<Value>(act: () => Promise<Value>): Promise<Attempt<Value>> {
  try {
    return { value: await act() };
  } catch (error) {
    if (ProvisioningError.is(error)) return { problem: error };
    throw error;
  }
}
