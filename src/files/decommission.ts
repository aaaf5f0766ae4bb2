import { basename, join } from "node:path";
import { ProvisioningError } from "../model/errors.ts";
import { backupPath, listBackups } from "./backups.ts";
import { isEqual } from "./disk/bounded-read.ts";
import { replaceFile, writeAll } from "./disk/durable-files.ts";
import { during } from "./disk/file-error.ts";
import { closeQuietly, type FileSystem, syncFolder } from "./disk/file-system.ts";
import { type AccessList, rightsOf } from "./disk/rights.ts";
import { erase } from "./erase.ts";
import {
  configName,
  credentialsName,
  journalName,
  lastSuccessName,
  processedName,
  statusName,
  triggerName,
} from "./file-names.ts";
import { setAllAside } from "./journal/journal.ts";
import { listOrNothing } from "./journal/journal-folder.ts";
import { isMadeCertificate } from "./made-certificates.ts";
import { leftovers } from "./sweep.ts";
import { configBytes, readThermalConfig, withoutOurKeys } from "./thermal-config-file.ts";

/** What is taken from a camera, by what it was. */
export interface Removal {
  readonly what:
    | "trigger"
    | "journal"
    | "last success"
    | "credentials"
    | "certificate"
    | "backup"
    | "temporary file"
    | "status"
    | "provisioning secret";
  readonly path: string;
}

interface Decommissioning {
  readonly withProvisioningSecret: boolean;
  readonly accessList: AccessList | undefined;
  readonly now: Date;
}

/** What a decommissioning would remove, in its order. Changes nothing. */
export function removalsIn(fs: FileSystem, directory: string, withProvisioningSecret: boolean): readonly Removal[] {
  return during(`looking into ${directory}`, () => {
    const { configured, bytes } = readThermalConfig(fs, directory);
    const holdsOurs = configured !== undefined || (bytes !== undefined && withoutOurKeys(bytes) !== undefined);
    const there = (what: Removal["what"], name: string): readonly Removal[] =>
      fs.lstat(join(directory, name)) === undefined ? [] : [{ what, path: join(directory, name) }];
    const journal = join(directory, journalName);
    const kept = join(journalName, lastSuccessName);
    return [
      ...there("trigger", triggerName),
      ...there("last success", kept),
      ...(holdsOurs ? there("credentials", configName) : []),
      ...listBackups(fs, directory).map((number) => ({ what: "backup", path: backupPath(directory, number) }) as const),
      ...listOrNothing(fs, journal)
        .filter((name) => name !== lastSuccessName)
        .map((name) => ({ what: "journal", path: join(journal, name) }) as const),
      ...leftovers(fs, directory)
        .filter((path) => !isMadeCertificate(basename(path)))
        .map((path) => ({ what: "temporary file", path }) as const),
      ...fs
        .list(directory)
        .filter(isMadeCertificate)
        .map((name) => ({ what: "certificate", path: join(directory, name) }) as const),
      ...there("trigger", processedName),
      ...there("status", statusName),
      ...(withProvisioningSecret ? there("provisioning secret", credentialsName) : []),
    ];
  });
}

/**
 * Takes the camera out of service. Each step is on the disk before the next one begins, and each may be found done, so that
 * another call finishes what a power cut stopped. After any of them no start of the camera provisions it again, or brings
 * credentials back:
 *
 *  1. the trigger: from here on no run begins
 *  2. the journals, put aside at one stroke: from here on no run goes on
 *  3. the record of the last success: nobody is told from here on that the camera has lost its credentials
 *  4. our keys in the configuration; until here the camera works as it did
 *  5. the backups, what was put aside, certificates that the camera made, what killed runs left
 *  6. the names that are left, and the provisioning secret, if it is to go
 */
export function decommissionFolder(
  fs: FileSystem,
  directory: string,
  { withProvisioningSecret, accessList, now }: Decommissioning,
): readonly Removal[] {
  const removals = removalsIn(fs, directory, withProvisioningSecret);
  const gone: Removal[] = [];
  const take = (isMeant: (removal: Removal) => boolean) => {
    for (const removal of removals.filter((each) => isMeant(each) && !gone.includes(each))) {
      during(`removing ${removal.path}`, () => erase(fs, removal.path));
      gone.push(removal);
    }
  };
  take(({ what, path }) => what === "trigger" && path.endsWith(triggerName));
  setAllAside(fs, directory, now);
  take(({ what }) => what === "last success");
  for (const removal of removals.filter(({ what }) => what === "credentials")) {
    during(`replacing ${removal.path}`, () => clearConfig(fs, directory, accessList), { EBUSY: "FILE_BUSY" });
    gone.push(removal);
  }
  take(({ what }) => what === "backup");
  eraseJournals(fs, directory);
  gone.push(...removals.filter(({ what }) => what === "journal"));
  take(() => true);
  return gone;
}

/** By the names that they have now: they were put aside. The folder itself is the lock, and stays. */
function eraseJournals(fs: FileSystem, directory: string): void {
  const journal = join(directory, journalName);
  during(`removing what is in ${journal}`, () => {
    for (const name of listOrNothing(fs, journal)) erase(fs, join(journal, name));
  });
}

const mostChanges = 20;

/** Without a backup, and with zeros over the bytes that were there. */
function clearConfig(fs: FileSystem, directory: string, accessList: AccessList | undefined): void {
  const path = join(directory, configName);
  for (let changes = 0; changes < mostChanges; changes++) {
    const { bytes: old, attributes } = readThermalConfig(fs, directory);
    const wanted = old === undefined ? undefined : withoutOurKeys(old);
    if (old === undefined || wanted === undefined) {
      syncFolder(fs, directory);
      return;
    }
    const former = fs.open(path, "overwrite");
    try {
      const stillWanted = () => isEqual(configBytes(fs, directory), old);
      if (!replaceFile(fs, path, wanted, { rights: rightsOf(attributes, accessList), stillWanted })) continue;
      if (fs.stat(former).inode !== fs.lstat(path)?.inode) {
        writeAll(fs, former, new Uint8Array(old.byteLength));
        fs.sync(former);
      }
      return;
    } finally {
      closeQuietly(fs, former);
    }
  }
  throw new ProvisioningError("FILE_IO", `another program keeps changing ${configName}; try again`);
}
