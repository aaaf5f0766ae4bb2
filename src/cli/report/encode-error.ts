import type { ProvisioningError } from "../../model/errors.ts";

/** The specification's ProvisioningError, what is wrong with the input, one by one, and what can be done about it. */
export function encodeError(error: ProvisioningError) {
  const { problems, causes, remedies } = error;
  return {
    ...error.toJSON(),
    problems,
    causes,
    on_the_device: remedies.onTheDevice,
    on_the_server: remedies.onTheServer,
  };
}
