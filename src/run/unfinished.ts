import type { FileSystem } from "../files/disk/file-system.ts";
import { type JournalView, removeJournal } from "../files/journal/journal.ts";
import { moveJournal } from "../files/journal/move-journal.ts";
import { finishRemovals } from "../files/journal/removals.ts";
import { look } from "../files/look.ts";
import { holdsAnything } from "../flow/known.ts";
import { ProvisioningError } from "../model/errors.ts";
import { attemptIdOf, emptyJournal, lastNameOf } from "../model/journal.ts";
import { type Warning, warning } from "../model/warnings.ts";
import type { Surroundings } from "./surroundings.ts";
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

/** The journals of other names than `host`, where a device may be: what was never sent is none's. */
export function unfinishedElsewhere(
  { journals, committed }: Pick<Survey, "journals" | "committed">,
  host: string,
): readonly JournalView[] {
  const others = journals.filter((journal) => ![host, committed?.host].includes(journal.host));
  return others.filter((journal) => holdsAnything(journal) && !journal.isUnsent);
}

/** Nobody can tell whether one of them is this server under another name; `willLook`: until the server was looked at. */
export function warnOfUnfinished(others: readonly JournalView[], { willLook = false } = {}): readonly Warning[] {
  const look = willLook
    ? " A run looks first whether it is the same server by its TLS key or its address, and goes on with that one then."
    : "";
  return others
    .slice(0, 1)
    .map((journal) =>
      warning("UNFINISHED_ELSEWHERE", `It is for ${journal.host}, with the name ${lastNameOf(journal) ?? ""}.${look}`),
    );
}

/**
 * Puts in order what lies under other names than `host`, before the journal of `host` is read: what was never sent is
 * removed, as after a typing mistake, and a journal that was being moved here is moved to its end. To be called with the lock.
 */
export function settleElsewhere(
  { files, directory, clock }: Pick<Surroundings, "files" | "directory" | "clock">,
  found: Survey,
  host: string,
): readonly JournalView[] {
  const { journals, committed } = found;
  const attempt = attemptIdOf(journals.find((journal) => journal.host === host) ?? emptyJournal);
  for (const journal of journals.filter((each) => ![host, committed?.host].includes(each.host))) {
    if (attempt !== undefined && attemptIdOf(journal) === attempt) {
      moveJournal(files, directory, { from: journal.host, to: host }, clock.now());
    } else if (journal.isUnsent) removeJournal(files, directory, journal.host);
  }
  finishRemovals(files, directory, host);
  return unfinishedElsewhere(found, host).filter((journal) => attemptIdOf(journal) !== attempt);
}
