import type { FileSystem } from "../files/disk/file-system.ts";
import { look } from "../files/look.ts";
import { ProvisioningError } from "../model/errors.ts";

/**
 * Refuses to put other credentials in where a provisioning is unfinished: the next run would go on with it, and replace
 * them. To be asked with the lock.
 *
 * @throws ProvisioningError UNFINISHED_WORK
 */
export function refuseUnfinished(files: FileSystem, directory: string): void {
  const [first] = look(files, directory).unfinished;
  if (first === undefined) return;
  throw new ProvisioningError(
    "UNFINISHED_WORK",
    `a provisioning is unfinished in ${directory}; run provision to finish it, or reset to put it aside`,
  );
}
