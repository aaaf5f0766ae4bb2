import type { ConfigChange } from "../model/thermal-config.ts";
import { type Warning, warning } from "../model/warnings.ts";
import { pruneBackups } from "./backups.ts";
import { during } from "./disk/file-error.ts";
import type { FileSystem } from "./disk/file-system.ts";
import type { AccessList } from "./disk/rights.ts";
import { removeJournal, syncRemoval } from "./journal/journal.ts";
import { prunePutAside } from "./journal/put-aside.ts";
import { keepLastSuccess } from "./last-success.ts";
import { removeOutdated } from "./outdated-credentials.ts";
import { saveConfig, syncConfig } from "./save-config.ts";
import { sweepCertificates } from "./sweep.ts";
import { changedConfig } from "./thermal-config-file.ts";
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
 *  3. the record of this success, which nothing depends on
 *  4. `provision.json` without its secrets, where it asks for that; then the trigger's new name
 *  5. the backups that are too many or too old, and what was put aside too often or too long ago
 *  6. the journal, last: until then the next run can do all of this again
 */
export function commit(fs: FileSystem, directory: string, saving: Saving): Committed {
  const backup = save(fs, directory, saving); // 1, 2
  return finishing(fs, directory, saving, backup); // 3 to 6
}

/** Steps 3 to 6, when the configuration is found done. What is visible need not be on the disk: it is synced first. */
export function finishCommit(fs: FileSystem, directory: string, found: Pick<Saving, "host" | "now">): Committed {
  syncConfig(fs, directory);
  return finishing(fs, directory, found, undefined);
}

/** Steps 3, 5 and 6 of what is found done: the trigger that is there asks for other work. */
export function closeJournal(
  fs: FileSystem,
  directory: string,
  { host, now }: Pick<Saving, "host" | "now">,
): Committed {
  syncConfig(fs, directory);
  const warnings = [...keepLastSuccess(fs, directory), ...tidy(fs, directory, now)];
  removeJournal(fs, directory, host);
  sweepCertificates(fs, directory);
  return { warnings, backup: undefined };
}

/**
 * Steps 1 to 5, for credentials that were there already: `change` fills in what they lack, perhaps nothing. A journal that
 * is gone is made to stay gone.
 */
export function fillIn(fs: FileSystem, directory: string, saving: Saving): Committed {
  const backup = save(fs, directory, saving);
  const warnings = closing(fs, directory, saving.now);
  syncRemoval(fs, directory);
  sweepCertificates(fs, directory);
  return { warnings, backup };
}

function finishing(
  fs: FileSystem,
  directory: string,
  { host, now }: Pick<Saving, "host" | "now">,
  backup: string | undefined,
): Committed {
  const warnings = closing(fs, directory, now);
  removeJournal(fs, directory, host);
  sweepCertificates(fs, directory);
  return { warnings, backup };
}

/** Steps 3 to 5. */
function closing(fs: FileSystem, directory: string, now: Date): readonly Warning[] {
  const kept = keepLastSuccess(fs, directory);
  const wiped = wipe(fs, directory);
  processTrigger(fs, directory);
  return [...kept, ...wiped, ...tidy(fs, directory, now)];
}

function wipe(fs: FileSystem, directory: string): readonly Warning[] {
  return wipeSecrets(fs, directory) ? [warning("SECRETS_WIPED")] : [];
}

function tidy(fs: FileSystem, directory: string, now: Date): readonly Warning[] {
  const { outdated, left } = during(`removing old backups in ${directory}`, () => {
    const outdated = removeOutdated(fs, directory, { now, isProvisioned: true });
    const left = [...outdated.left, ...pruneBackups(fs, directory), ...prunePutAside(fs, directory)];
    return { outdated, left: [...new Set(left)] };
  });
  const incomplete = left.length === 0 ? [] : [warning("TIDYING_INCOMPLETE", `It is ${left.join(", ")}.`)];
  return [...outdated.warnings, ...incomplete];
}

function save(fs: FileSystem, directory: string, { change, now, accessList }: Saving): string | undefined {
  return saveConfig(fs, directory, { edit: (config) => changedConfig(config, change), now, accessList });
}
