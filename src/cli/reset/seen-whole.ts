import { type Inspection, inspect } from "../../inspect.ts";
import { ProvisioningError } from "../../model/errors.ts";

/**
 * What is in the folder, for who wants to change it: that nothing is there must not be said by a user who cannot look.
 *
 * @throws ProvisioningError PERMISSION_DENIED, and those of `inspect`
 */
export async function seenWhole(directory: string): Promise<Inspection> {
  const inspection = await inspect({ directory });
  if (inspection.unreadable !== undefined) throw new ProvisioningError("PERMISSION_DENIED", inspection.unreadable);
  return inspection;
}
