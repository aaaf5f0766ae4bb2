import { takeLock } from "./files/disk/lock.ts";
import { type PutAside, setAllAside } from "./files/journal/journal.ts";
import { look } from "./files/look.ts";
import { type ProvisionOptions, surroundings as withDefaults } from "./run/provision-options.ts";

/**
 * Puts every unfinished journal aside under a dated name, also one that cannot be read; nothing is deleted, and the files
 * of the camera stay as they are. A device that the server made for one of them stays there, and a later run makes another.
 *
 * @throws ProvisioningError LOCKED while a run is at work, FOLDER_MISSING, and those of a folder that cannot be written
 */
export async function reset(
  options: Pick<ProvisionOptions, "directory" | "files" | "clock"> = {},
): Promise<readonly PutAside[]> {
  const { files, directory, clock } = withDefaults(options);
  const { unfinished } = look(files, directory);
  if (unfinished.length === 0) return [];
  using _lock = await takeLock(files, directory, clock);
  return setAllAside(files, directory, clock.now());
}
