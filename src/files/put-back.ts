import { join } from "node:path";
import { ProvisioningError } from "../model/errors.ts";
import { backUp, pruneBackups } from "./backups.ts";
import { isEqual, readBounded } from "./disk/bounded-read.ts";
import { createOnce, replaceFile } from "./disk/durable-files.ts";
import { during } from "./disk/file-error.ts";
import type { FileSystem } from "./disk/file-system.ts";
import { type AccessList, rightsOf } from "./disk/rights.ts";
import { configName } from "./file-names.ts";
import { configBytes, largestChanged } from "./thermal-config-file.ts";

/** What is put in the place of the configuration, and when. */
interface PutBack {
  readonly bytes: Uint8Array;
  readonly now: Date;
  readonly accessList: AccessList | undefined;
}

const mostChanges = 20;

/**
 * Puts `bytes` in the place of `thermal_config.json`, whole, after a backup of what is there, which may be a text that
 * nobody can read any more: then this is the way back. Gives the path of the backup; undefined where nothing was replaced.
 */
export function putBack(fs: FileSystem, directory: string, wanted: PutBack): string | undefined {
  const path = join(directory, configName);
  return during(`replacing ${path}`, () => replaceNewest(fs, directory, path, wanted), { EBUSY: "FILE_BUSY" });
}

/** Another program may write the configuration meanwhile: then that one is backed up, too. */
function replaceNewest(
  fs: FileSystem,
  directory: string,
  path: string,
  { bytes, now, accessList }: PutBack,
): string | undefined {
  for (let changes = 0; changes < mostChanges; changes++) {
    const reading = readBounded(fs, path, largestChanged);
    if (reading.kind === "refused") {
      const { found, expected } = reading;
      throw new ProvisioningError("CONFIG_FILE_UNREADABLE", `${path} is ${found}, expected ${expected}`);
    }
    const old = reading.kind === "read" ? reading : undefined;
    const rights = rightsOf(old?.attributes, accessList);
    const backup = old === undefined ? undefined : backUp(fs, directory, old.bytes, rights, now);
    const stillWanted = () => old !== undefined && isEqual(configBytes(fs, directory), old.bytes);
    const isPut =
      old === undefined
        ? createOnce(fs, path, bytes, { rights, withoutLinks: "complete" }) === "created"
        : replaceFile(fs, path, bytes, { rights, stillWanted });
    if (!isPut) continue;
    if (!isEqual(configBytes(fs, directory), bytes)) {
      throw new ProvisioningError("FILE_IO", `${configName} does not read back as it was written`);
    }
    pruneBackups(fs, directory);
    return backup;
  }
  throw new ProvisioningError("FILE_IO", `another program keeps changing ${configName}; try again`);
}
