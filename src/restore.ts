import { basename, join } from "node:path";
import { backupNumber, backupPath, listBackups } from "./files/backups.ts";
import { readAccessList } from "./files/disk/access-list.ts";
import { readBounded } from "./files/disk/bounded-read.ts";
import { during } from "./files/disk/file-error.ts";
import { takeLock } from "./files/disk/lock.ts";
import { look } from "./files/look.ts";
import { putBack } from "./files/put-back.ts";
import { configuredInBytes, largestChanged } from "./files/thermal-config-file.ts";
import { refuseDistrusted } from "./files/trust.ts";
import type { CameraState } from "./model/camera-state.ts";
import { ProvisioningError } from "./model/errors.ts";
import { printable } from "./model/problem.ts";
import type { Warning } from "./model/warnings.ts";
import { askAboutConfigured, type ServersAnswer } from "./run/ask-about-configured.ts";
import { stateOf, withoutSecret } from "./run/camera-state.ts";
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
  readonly name: string;
  /** What the server said of the credentials in it. */
  readonly answer: ServersAnswer;
  /** The path of the backup of what was there before; undefined where there was nothing. */
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
  look(files, directory);
  using _lock = await takeLock(files, directory, clock);
  if (!surroundings.allowSharedFolder) refuseDistrusted(files, directory);
  refuseUnfinished(files, directory);
  const bytes = backupBytes(surroundings, name);
  const configured = configuredInBytes(bytes);
  if (configured === "unknown") throw unusable(name, "is damaged");
  if (configured === undefined && !force) throw unusable(name, "holds no credentials");
  const report = new Report(surroundings);
  const answer =
    configured === undefined ? "not asked" : await askAboutConfigured(surroundings, report, configured, { force });
  if (answer === "refused" && !force) {
    const device = configured?.deviceName || "the device";
    throw new ProvisioningError(
      "GIVEN_CREDENTIALS_REFUSED",
      `${configured?.host} does not accept the credentials of ${device} in ${name}; nothing was changed`,
    );
  }
  const accessList = await readAccessList(files, directory);
  const backup = putBack(files, directory, { bytes, now: clock.now(), accessList });
  return { name, answer, backup, warnings: report.warnings };
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
