import type { FileSystem } from "../files/disk/file-system.ts";
import { look } from "../files/look.ts";
import { holdsAnything } from "../flow/known.ts";
import { ProvisioningError } from "../model/errors.ts";
import { type Warning, warning } from "../model/warnings.ts";
import type { Survey } from "./survey.ts";

/**
 * Refuses to put other credentials in where a provisioning is unfinished: the next run would go on with it, and replace
 * them. To be asked with the lock.
 *
 * @throws ProvisioningError UNFINISHED_WORK
 */
export function refuseUnfinished(files: FileSystem, directory: string): void {
  const [first] = look(files, directory).unfinished;
  if (first === undefined) return;
  throw new ProvisioningError(
    "UNFINISHED_WORK",
    `a provisioning is unfinished in ${directory}; run provision to finish it, or reset to put it aside`,
  );
}

/** Work for other servers than `host`: nobody can tell whether one of them is the same by another name. */
export function unfinishedElsewhere({ journals, committed }: Survey, host: string): readonly Warning[] {
  const others = journals.filter(
    (journal) => holdsAnything(journal) && ![host, committed?.host].includes(journal.host),
  );
  return others.slice(0, 1).map((journal) => {
    const name = journal.intents.at(-1)?.deviceName ?? journal.received.at(-1)?.deviceName ?? "";
    return warning("UNFINISHED_ELSEWHERE", `It is for ${journal.host}, with the name ${name}.`);
  });
}
