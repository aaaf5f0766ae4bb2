import { takeLock } from "../files/disk/lock.ts";
import { readStatus, writeStatus } from "../files/status-file.ts";
import type { ProvisioningStatus } from "../model/provisioning-status.ts";
import type { Setting } from "./setting.ts";

/**
 * Takes the next try out of the status file, where the wait for it was ended: nobody makes it. Best effort: another run
 * may have the lock, and the status is its own then.
 */
export async function withdrawNextTry(
  { files, directory, clock }: Pick<Setting, "files" | "directory" | "clock">,
  { correlationId }: ProvisioningStatus,
): Promise<void> {
  try {
    using _lock = await takeLock(files, directory, clock);
    const status = readStatus(files, directory);
    if (status?.nextTryAt === undefined || status.correlationId !== correlationId) return;
    const { nextTryAt: _, ...ended } = status;
    writeStatus(files, directory, ended, { final: true });
  } catch {
    // The time that stands there goes by, and from then on the status says that nobody came.
  }
}
