import { join } from "node:path";
import { ProvisioningError } from "../model/errors.ts";
import { backUp } from "./backups.ts";
import { isEqual } from "./disk/bounded-read.ts";
import { createOnce, replaceFile } from "./disk/durable-files.ts";
import { during } from "./disk/file-error.ts";
import { type FileSystem, syncFile, syncFolder } from "./disk/file-system.ts";
import { type AccessList, type Rights, rightsOf } from "./disk/rights.ts";
import { configName } from "./file-names.ts";
import { syncLastSuccess } from "./last-success.ts";
import { configBytes, readThermalConfig, type ThermalConfigFile } from "./thermal-config-file.ts";

/** A change of the configuration, which is made of whatever stands there at the last moment. */
export interface Edit {
  /** Gives the same bytes when it is made a second time. */
  readonly edit: (config: Pick<ThermalConfigFile, "bytes">) => Uint8Array;
  readonly now: Date;
  /** That of the configuration, which its successor and the backup get. */
  readonly accessList?: AccessList | undefined;
}

/** How often the configuration may change while it is being replaced before somebody must look. */
const mostChanges = 5;

/**
 * The backup of the configuration, then the new one, read back; each on the disk before the next. Gives the path of the
 * backup; undefined where nothing had to be replaced.
 */
export function saveConfig(fs: FileSystem, directory: string, change: Edit): string | undefined {
  const path = join(directory, configName);
  return during(`replacing ${path}`, () => saveNewest(fs, directory, change), { EBUSY: "FILE_BUSY" });
}

/** Another program may write the configuration meanwhile: then it is read and made again. */
function saveNewest(fs: FileSystem, directory: string, { edit, now, accessList }: Edit): string | undefined {
  for (let changes = 0; changes < mostChanges; changes++) {
    const { bytes: old, attributes } = readThermalConfig(fs, directory);
    const wanted = edit({ bytes: old });
    if (old !== undefined && isEqual(old, wanted)) {
      syncConfig(fs, directory);
      return undefined;
    }
    const rights = rightsOf(attributes, accessList);
    const backup = old === undefined ? undefined : backUp(fs, directory, old, rights, now);
    if (put(fs, directory, wanted, old, rights)) {
      readBack(fs, directory, wanted, edit);
      return backup;
    }
  }
  throw new ProvisioningError("FILE_IO", `another program keeps changing ${configName}; the next run tries again`);
}

/** Replaces the configuration if it is still `old`. */
function put(
  fs: FileSystem,
  directory: string,
  wanted: Uint8Array,
  old: Uint8Array | undefined,
  rights: Rights,
): boolean {
  const path = join(directory, configName);
  if (old === undefined) return createOnce(fs, path, wanted, { rights, withoutLinks: "complete" }) === "created";
  const stillWanted = () => isEqual(configBytes(fs, directory), old);
  return replaceFile(fs, path, wanted, { rights, stillWanted });
}

/** What other programs will read must be what was meant; an edit of theirs in this very moment is welcome. */
function readBack(fs: FileSystem, directory: string, wanted: Uint8Array, edit: Edit["edit"]): void {
  const config = readThermalConfig(fs, directory);
  const { bytes } = config;
  if (isEqual(bytes, wanted)) return;
  if (bytes !== undefined && isEqual(edit(config), bytes)) return;
  throw new ProvisioningError("FILE_IO", `${configName} does not read back as it was written`);
}

/**
 * What is visible need not be on the disk: a run that was killed may have moved the configuration, or the record of it, and
 * not synced it. On FAT it would then be empty after a power cut, once somebody else's sync of the folder has made the new
 * name durable.
 */
export function syncConfig(fs: FileSystem, directory: string): void {
  const path = join(directory, configName);
  during(`syncing ${path}`, () => {
    syncFile(fs, path);
    syncFolder(fs, directory);
  });
  syncLastSuccess(fs, directory);
}
