import { readInputs } from "../files/inputs.ts";
import { type JournalView, viewJournals } from "../files/journal/journal.ts";
import { holdsAnything } from "../flow/known.ts";
import { findCommittedWork } from "./look.ts";
import type { Surroundings } from "./provision-options.ts";
import type { Report } from "./report.ts";

/**
 * Finds out at once which attempt a restart goes on with, so that all it tells is about that one, even when it gets no
 * farther than a file that cannot be read. As well as can be: `load` decides.
 */
export function recognise(surroundings: Surroundings, report: Report): void {
  try {
    const journal = journalMeant(surroundings);
    const attemptId = journal?.intents[0]?.attemptId ?? journal?.received[0]?.attemptId;
    const deviceName = journal?.intents.at(-1)?.deviceName ?? journal?.received.at(-1)?.deviceName;
    if (attemptId !== undefined) report.about(attemptId, deviceName ?? "");
  } catch {
    // What cannot be read is told when it is needed.
  }
}

/** The journal that the run will go on with: that of the server in `provision.json`, else the only one. */
function journalMeant(surroundings: Surroundings): JournalView | undefined {
  const { files, directory, newIdentity } = surroundings;
  const journals = viewJournals(files, directory).filter(holdsAnything);
  if (journals.length === 0) return undefined;
  const committed = findCommittedWork(surroundings);
  if (committed !== undefined) return journals.find(({ host }) => host === committed.host);
  const host = hostMeant(surroundings);
  const journal = host === undefined ? onlyOne(journals) : journals.find((each) => each.host === host);
  // --new-identity puts it aside, unless it was begun with that word.
  return newIdentity && journal?.intents.at(-1)?.newIdentity !== true ? undefined : journal;
}

function hostMeant({ files, directory }: Surroundings): string | undefined {
  try {
    return readInputs(files, directory).credentials.host;
  } catch {
    return undefined;
  }
}

function onlyOne<Item>([first, ...others]: readonly Item[]): Item | undefined {
  return others.length === 0 ? first : undefined;
}
