import { decommissionFolder, type Removal, removalsIn } from "./files/decommission.ts";
import { takeLock } from "./files/disk/lock.ts";
import { readAccessList } from "./files/disk/rights.ts";
import { look } from "./files/look.ts";
import { readThermalConfig } from "./files/thermal-config-file.ts";
import type { KnownDevice } from "./model/camera-state.ts";
import { withoutSecret } from "./run/camera-state.ts";
import type { ProvisionOptions } from "./run/provision-options.ts";
import { surroundings as withDefaults } from "./run/surroundings.ts";

export interface DecommissionOptions extends Pick<ProvisionOptions, "directory" | "files" | "clock"> {
  /** Remove provision.json, too, which holds key and secret of the device profile. Default false. */
  readonly withProvisioningSecret?: boolean;
}

/** What was, or would be, taken from a camera. */
export interface Receipt {
  readonly directory: string;
  /** Whose credentials the configuration held; undefined where it held none. The server was not told. */
  readonly device: KnownDevice | undefined;
  /** In the order in which it went. */
  readonly removed: readonly Removal[];
  readonly at: Date;
}

/**
 * What `decommission` would remove. Changes nothing.
 *
 * @throws ProvisioningError FOLDER_MISSING, those of a configuration that cannot be used, and those of a disk that fails
 */
export async function planDecommission({
  withProvisioningSecret = false,
  ...options
}: DecommissionOptions = {}): Promise<Receipt> {
  const { files, directory, clock } = withDefaults(options);
  look(files, directory);
  return {
    directory,
    device: deviceIn(files, directory),
    removed: removalsIn(files, directory, withProvisioningSecret),
    at: clock.now(),
  };
}

/**
 * Takes a camera out of service: its credentials, backups, journals, and what was put aside are overwritten and removed;
 * the configuration's other keys stay. The device on the server stays, too. After a power cut in the middle, call it again.
 *
 * @throws ProvisioningError LOCKED while a run is at work, and as `planDecommission`
 */
export async function decommission({
  withProvisioningSecret = false,
  ...options
}: DecommissionOptions = {}): Promise<Receipt> {
  const { files, directory, clock } = withDefaults(options);
  look(files, directory);
  using _lock = await takeLock(files, directory, clock);
  const device = deviceIn(files, directory);
  const accessList = await readAccessList(files, directory);
  const now = clock.now();
  const removed = decommissionFolder(files, directory, { withProvisioningSecret, accessList, now });
  return { directory, device, removed, at: now };
}

function deviceIn(files: Parameters<typeof readThermalConfig>[0], directory: string): KnownDevice | undefined {
  const { configured } = readThermalConfig(files, directory);
  return configured === undefined ? undefined : withoutSecret(configured);
}
