import { join } from "node:path";
import { isEqual } from "../base/bytes.ts";
import { ProvisioningError } from "../model/errors.ts";
import type { ConfigChange } from "../model/thermal-config.ts";
import { type Warning, warning } from "../model/warnings.ts";
import { backUp, pruneBackups } from "./backups.ts";
import type { AccessList } from "./disk/access-list.ts";
import { createOnce } from "./disk/create-once.ts";
import { during } from "./disk/file-error.ts";
import type { FileSystem } from "./disk/file-system.ts";
import { replaceFile } from "./disk/replace-file.ts";
import { type Rights, rightsOf } from "./disk/rights.ts";
import { syncFile, syncFolder } from "./disk/sync.ts";
import { configName } from "./file-names.ts";
import { removeJournal, syncRemoval } from "./journal/journal.ts";
import { prunePutAside } from "./journal/put-aside.ts";
import { sweepCertificates } from "./sweep.ts";
import { changedConfig, configBytes, readThermalConfig } from "./thermal-config-file.ts";
import { processTrigger } from "./trigger.ts";
import { wipeSecrets } from "./wipe-secrets.ts";

/** What a person should know of a commit. */
export interface Committed {
  readonly warnings: readonly Warning[];
  /** The path of the backup; undefined where nothing was replaced. */
  readonly backup: string | undefined;
}

interface Saving {
  readonly change: ConfigChange;
  readonly host: string;
  readonly now: Date;
  /** That of the configuration, which its successor and the backup get. */
  readonly accessList?: AccessList | undefined;
}

/**
 * The order of saving. Each step is on the disk before the next one begins, and each may be found done.
 *
 *  1. the backup of the configuration
 *  2. the new configuration, read back
 *  3. `provision.json` without its secrets, where it asks for that; then the trigger's new name
 *  4. the backups that are too many, and what was put aside too often
 *  5. the journal, last: until then the next run can do all of this again
 */
export function commit(fs: FileSystem, directory: string, saving: Saving): Committed {
  const backup = save(fs, directory, saving); // 1, 2
  return finishing(fs, directory, saving.host, backup); // 3, 4, 5
}

/** Steps 3 to 5, when the configuration is found done. What is visible need not be on the disk: it is synced first. */
export function finishCommit(fs: FileSystem, directory: string, { host }: Pick<Saving, "host" | "now">): Committed {
  syncConfig(fs, directory);
  return finishing(fs, directory, host, undefined);
}

/** Steps 4 and 5 of what is found done: the trigger that is there asks for other work. */
export function closeJournal(fs: FileSystem, directory: string, { host }: Pick<Saving, "host">): Committed {
  syncConfig(fs, directory);
  const warnings = tidy(fs, directory);
  removeJournal(fs, directory, host);
  sweepCertificates(fs, directory);
  return { warnings, backup: undefined };
}

/**
 * Steps 1 to 4, for credentials that were there already: `change` fills in what they lack, perhaps nothing. A journal that
 * is gone is made to stay gone.
 */
export function fillIn(fs: FileSystem, directory: string, saving: Saving): Committed {
  const backup = save(fs, directory, saving);
  const wiped = wipe(fs, directory);
  processTrigger(fs, directory);
  const warnings = [...wiped, ...tidy(fs, directory)];
  syncRemoval(fs, directory);
  sweepCertificates(fs, directory);
  return { warnings, backup };
}

function finishing(fs: FileSystem, directory: string, host: string, backup: string | undefined): Committed {
  const wiped = wipe(fs, directory);
  processTrigger(fs, directory);
  const warnings = [...wiped, ...tidy(fs, directory)];
  removeJournal(fs, directory, host);
  sweepCertificates(fs, directory);
  return { warnings, backup };
}

function wipe(fs: FileSystem, directory: string): readonly Warning[] {
  return wipeSecrets(fs, directory) ? [warning("SECRETS_WIPED")] : [];
}

function tidy(fs: FileSystem, directory: string): readonly Warning[] {
  const left = during(`removing old backups in ${directory}`, () => [
    ...pruneBackups(fs, directory),
    ...prunePutAside(fs, directory),
  ]);
  return left.length === 0 ? [] : [warning("TIDYING_INCOMPLETE", `It is ${left.join(", ")}.`)];
}

/** How often the configuration may change while it is being replaced before somebody must look. */
const mostChanges = 5;

/** Steps 1 and 2. Gives the path of the backup; undefined where nothing had to be replaced. */
function save(fs: FileSystem, directory: string, saving: Saving): string | undefined {
  const path = join(directory, configName);
  return during(`replacing ${path}`, () => saveNewest(fs, directory, saving), { EBUSY: "FILE_BUSY" });
}

/** Another program may write the configuration meanwhile: then it is read and made again. */
function saveNewest(fs: FileSystem, directory: string, { change, now, accessList }: Saving): string | undefined {
  for (let changes = 0; changes < mostChanges; changes++) {
    const { bytes: old, attributes } = readThermalConfig(fs, directory);
    const wanted = changedConfig({ bytes: old }, change);
    if (old !== undefined && isEqual(old, wanted)) {
      syncConfig(fs, directory);
      return undefined;
    }
    const rights = rightsOf(attributes, accessList);
    const backup = old === undefined ? undefined : backUp(fs, directory, old, rights, now);
    if (put(fs, directory, wanted, old, rights)) {
      readBack(fs, directory, wanted, change);
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
function readBack(fs: FileSystem, directory: string, wanted: Uint8Array, change: ConfigChange): void {
  const config = readThermalConfig(fs, directory);
  const { bytes } = config;
  if (isEqual(bytes, wanted)) return;
  if (bytes !== undefined && isEqual(changedConfig(config, change), bytes)) return;
  throw new ProvisioningError("FILE_IO", `${configName} does not read back as it was written`);
}

/**
 * What is visible need not be on the disk: a run that was killed may have moved the configuration and not synced it. On
 * FAT it would then be empty after a power cut, once somebody else's sync of the folder has made the new name durable.
 */
export function syncConfig(fs: FileSystem, directory: string): void {
  const path = join(directory, configName);
  during(`syncing ${path}`, () => {
    syncFile(fs, path);
    syncFolder(fs, directory);
  });
}
