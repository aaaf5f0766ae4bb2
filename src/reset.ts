import { takeLock } from "./files/disk/lock.ts";
import { hasPutAside, type PutAside, setAllAside } from "./files/journal/journal.ts";
import { removePutAside } from "./files/journal/put-aside.ts";
import { look } from "./files/look.ts";
import type { ProvisionOptions } from "./run/provision-options.ts";
import { surroundings as withDefaults } from "./run/surroundings.ts";

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

/**
 * Removes what was put aside, with the tokens in it, and gives the places that are gone. A journal that is unfinished is
 * not touched.
 *
 * @throws ProvisioningError as `reset`
 */
export async function purge(
  options: Pick<ProvisionOptions, "directory" | "files" | "clock"> = {},
): Promise<readonly string[]> {
  const { files, directory, clock } = withDefaults(options);
  look(files, directory);
  if (!hasPutAside(files, directory)) return [];
  using _lock = await takeLock(files, directory, clock);
  return removePutAside(files, directory);
}
