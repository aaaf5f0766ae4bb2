import { basename, join } from "node:path";
import { backupNumber, backupPath, listBackups, pruneBackups } from "./files/backups.ts";
import { readBody } from "./files/body.ts";
import { readBounded } from "./files/disk/bounded-read.ts";
import { during } from "./files/disk/file-error.ts";
import { takeLock } from "./files/disk/lock.ts";
import { readAccessList } from "./files/disk/rights.ts";
import { configName, journalName, lastSuccessName } from "./files/file-names.ts";
import { isNewer, keepLastSuccess, type LastSuccess, readLastSuccess } from "./files/last-success.ts";
import { look } from "./files/look.ts";
import { putBack } from "./files/put-back.ts";
import { saveConfig } from "./files/save-config.ts";
import {
  configuredInBytes,
  largestChanged,
  readThermalConfig,
  type ThermalConfigFile,
  withSections,
} from "./files/thermal-config-file.ts";
import type { CameraState } from "./model/camera-state.ts";
import { ProvisioningError } from "./model/errors.ts";
import { printable } from "./model/problem.ts";
import type { ConfiguredCredentials } from "./model/thermal-config.ts";
import type { Warning } from "./model/warnings.ts";
import { askAboutConfigured, type ServersAnswer } from "./run/ask-about-configured.ts";
import { stateOf, withoutSecret } from "./run/camera-state.ts";
import { checkTrust } from "./run/load.ts";
import { refuseBodyOfAnother } from "./run/other-body.ts";
import type { ProvisionOptions } from "./run/provision-options.ts";
import { Report } from "./run/report.ts";
import { type Surroundings, surroundings as withDefaults } from "./run/surroundings.ts";
import { refuseUnfinished } from "./run/unfinished.ts";

/** A backup of `thermal_config.json`. */
export interface Backup extends Pick<CameraState, "state" | "device"> {
  /** `thermal_config.json.backup.1698069000` */
  readonly name: string;
  /** By the number in its name, which never goes back when the clock does. */
  readonly madeAt: Date;
  /** Whole, with the secrets in it; undefined where it cannot be read. */
  readonly text: string | undefined;
}

/** What can be said of `restore`: where the camera is, how its server is reached, and every effect. */
export interface RestoreOptions
  extends Pick<
    ProvisionOptions,
    | "directory"
    | "signal"
    | "requireTls"
    | "caFile"
    | "serverName"
    | "pinnedPublicKeys"
    | "allowSharedFolder"
    | "files"
    | "bodyFile"
    | "clock"
    | "randomness"
    | "connect"
    | "diagnose"
  > {
  /** Put it back although the server refuses its credentials, or does not answer, or there are none. Default false. */
  readonly force?: boolean;
}

/** What was put back. */
export interface Restored {
  /** From the camera's folder on. */
  readonly name: string;
  /** What the server said of the credentials in it. */
  readonly answer: ServersAnswer;
  /** The path of the backup of what was there before; undefined where nothing was replaced. */
  readonly backup: string | undefined;
  readonly warnings: readonly Warning[];
}

/**
 * The backups of the configuration, the newest first. Changes nothing.
 *
 * @throws ProvisioningError FOLDER_MISSING, and those of a disk that fails
 */
export async function listOfBackups(
  options: Pick<ProvisionOptions, "directory" | "files"> = {},
): Promise<readonly Backup[]> {
  const { files, directory } = withDefaults(options);
  look(files, directory);
  return during(`reading the backups in ${directory}`, () =>
    listBackups(files, directory).map((number) => {
      const path = backupPath(directory, number);
      const reading = readBounded(files, path, largestChanged);
      const bytes = reading.kind === "read" ? reading.bytes : undefined;
      const configured = bytes === undefined ? "unknown" : configuredInBytes(bytes);
      return {
        name: basename(path),
        madeAt: new Date(number * 1000),
        state: stateOf(configured),
        device: configured === undefined || configured === "unknown" ? undefined : withoutSecret(configured),
        text: bytes === undefined ? undefined : new TextDecoder().decode(bytes),
      };
    }),
  );
}

/**
 * Puts the backup `name` in the place of `thermal_config.json`, which is backed up itself. The server is asked first: what
 * it refuses is not put back, unless by force.
 *
 * @throws ProvisioningError GIVEN_CREDENTIALS_REFUSED, BACKUP_UNUSABLE, UNFINISHED_WORK, LOCKED, those of a server that
 * cannot be reached, and those of a disk; nothing was changed then
 */
export async function restore(name: string, { force = false, ...options }: RestoreOptions = {}): Promise<Restored> {
  const surroundings = withDefaults(options);
  const { files, directory, clock } = surroundings;
  return putBackSafely(surroundings, async (report) => {
    const bytes = backupBytes(surroundings, name);
    const configured = configuredInBytes(bytes);
    if (configured === "unknown") throw unusable(name, "is damaged");
    if (configured === undefined && !force) throw unusable(name, "holds no credentials");
    const answer =
      configured === undefined ? "not asked" : await approve(surroundings, report, { name, configured, force });
    const accessList = await readAccessList(files, directory);
    const backup = putBack(files, directory, { bytes, now: clock.now(), accessList });
    // What was put back by force is no success.
    if (answer === "accepted") report.warn(...keepLastSuccess(files, directory));
    return { name, answer, backup };
  });
}

/**
 * Puts the credentials that the server accepted last into `thermal_config.json` as it is now, where another program has
 * written an older copy of it back: all that is not ours stays. What is there is backed up, and the server is asked first, as
 * by `restore`.
 *
 * @throws ProvisioningError BACKUP_UNUSABLE also where nothing was recorded, or the configuration is newer than the record;
 * OTHER_BODY where it was recorded on another board; CONFIG_FILE_INVALID; and those of `restore`
 */
export async function restoreLastSuccess({ force = false, ...options }: RestoreOptions = {}): Promise<Restored> {
  const surroundings = withDefaults(options);
  const { files, directory, clock } = surroundings;
  const name = join(journalName, lastSuccessName);
  return putBackSafely(surroundings, async (report) => {
    const { sections, configured } = lastSuccess(surroundings);
    const { configured: now } = readThermalConfig(files, directory);
    if (!force) refuseOlder(now, configured, name);
    if (!force) refuseBodyOfAnother(configured, readBody(files, surroundings.bodyFile));
    const answer = await approve(surroundings, report, { name, configured, force });
    const accessList = await readAccessList(files, directory);
    const edit = (config: Pick<ThermalConfigFile, "bytes">) => withSections(config, sections);
    const backup = saveConfig(files, directory, { edit, now: clock.now(), accessList });
    pruneBackups(files, directory);
    return { name, answer, backup };
  });
}

/** With the lock, where the folder is to be trusted and nothing is unfinished. */
async function putBackSafely(
  surroundings: Surroundings,
  work: (report: Report) => Promise<Omit<Restored, "warnings">>,
): Promise<Restored> {
  const { files, directory, clock } = surroundings;
  look(files, directory);
  const report = new Report(surroundings);
  report.warn(...checkTrust(surroundings));
  using _lock = await takeLock(files, directory, clock);
  refuseUnfinished(files, directory);
  const restored = await work(report);
  return { ...restored, warnings: report.warnings };
}

/** What the server says of these credentials; what it refuses is refused here, unless by force. */
async function approve(
  surroundings: Surroundings,
  report: Report,
  {
    name,
    configured,
    force,
  }: { readonly name: string; readonly configured: ConfiguredCredentials; readonly force: boolean },
): Promise<ServersAnswer> {
  const answer = await askAboutConfigured(surroundings, report, configured, { force });
  if (answer !== "refused" || force) return answer;
  throw new ProvisioningError(
    "GIVEN_CREDENTIALS_REFUSED",
    `${configured.host} does not accept the credentials of ${configured.deviceName || "the device"} in ${name}; nothing was changed`,
  );
}

function lastSuccess({ files, directory, allowSharedFolder }: Surroundings): LastSuccess {
  const name = join(journalName, lastSuccessName);
  const kept = readLastSuccess(files, directory);
  switch (kept.kind) {
    case "found":
      return kept.success;
    case "distrusted":
      if (allowSharedFolder) return kept.success;
      throw new ProvisioningError("FOLDER_NOT_TRUSTED", kept.why);
    case "absent":
      throw unusable(name, "is not there: no run of this version has provisioned this camera");
    case "unusable":
      throw unusable(name, kept.why);
  }
}

/** A record that could not be written, or a run of a former version: what is there now was proved later. */
function refuseOlder(now: ConfiguredCredentials | undefined, kept: ConfiguredCredentials, name: string): void {
  if (now === undefined || !isNewer(now, kept)) return;
  const [written, recorded] = [now, kept].map(({ provisionedAt }) => provisionedAt?.toISOString() ?? "an unknown time");
  throw unusable(name, `is of ${recorded}, and the credentials in ${configName} are newer (${written})`);
}

function backupBytes({ files, directory }: Surroundings, name: string): Uint8Array {
  if (backupNumber(name) === undefined) {
    throw new ProvisioningError("BACKUP_UNUSABLE", `${printable(name)} is not the name of a backup`);
  }
  const path = join(directory, name);
  const reading = during(`reading ${path}`, () => readBounded(files, path, largestChanged));
  if (reading.kind === "read") return reading.bytes;
  throw unusable(name, reading.kind === "absent" ? `is not in ${directory}` : `is ${reading.found}`);
}

function unusable(name: string, why: string): ProvisioningError {
  return new ProvisioningError("BACKUP_UNUSABLE", `${name} ${why}`);
}
