import type { ProvisioningError } from "../../model/errors.ts";

/** The specification's ProvisioningError, and what is wrong with the input, one by one. */
export function encodeError(error: ProvisioningError) {
  return { ...error.toJSON(), problems: error.problems };
}
