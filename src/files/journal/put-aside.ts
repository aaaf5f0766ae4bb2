import { join } from "node:path";
import { during } from "../disk/file-error.ts";
import { type FileSystem, syncFolder } from "../disk/file-system.ts";
import { journalName } from "../file-names.ts";
import { listOrNothing, putAside } from "./journal-folder.ts";

/** Where what `reset` and `--new-identity` have put aside is. */
export function placesPutAside(fs: FileSystem, directory: string): readonly string[] {
  return putAside(fs, directory).map((name) => join(directory, journalName, name));
}

/** Removes what was put aside, for good. Gives the places that are gone. */
export function removePutAside(fs: FileSystem, directory: string): readonly string[] {
  const journal = join(directory, journalName);
  return during(`removing what was put aside in ${journal}`, () => {
    const places = placesPutAside(fs, directory);
    for (const place of places) remove(fs, place);
    if (places.length > 0) syncFolder(fs, journal);
    return places;
  });
}

/** How many stay: each may hold a token, and one that is older tells nobody anything any more. */
const kept = 5;

/** Removes all but the newest of what was put aside. Gives the names of those that could not be removed. */
export function prunePutAside(fs: FileSystem, directory: string): readonly string[] {
  const journal = join(directory, journalName);
  const byAge = putAside(fs, directory).toSorted((one, other) => (momentIn(one) < momentIn(other) ? 1 : -1));
  const surplus = byAge.slice(kept);
  const left = surplus.filter((name) => !isRemovedFolder(fs, join(journal, name)));
  if (surplus.length > 0) syncFolder(fs, journal);
  return left.map((name) => join(journalName, name));
}

/** `20251023T143000Z-2`, which sorts by time. */
function momentIn(name: string): string {
  return name.slice(name.indexOf("@") + 1);
}

/** When it was put aside, by the clock of that day; null where its name is no moment. */
export function momentPutAside(name: string): Date | null {
  const [, date, hours, minutes, seconds] = /@(\d{8})T(\d\d)(\d\d)(\d\d)Z/.exec(name) ?? [];
  const moment = new Date(`${date?.replace(/(....)(..)(..)/, "$1-$2-$3")}T${hours}:${minutes}:${seconds}Z`);
  return Number.isNaN(moment.getTime()) ? null : moment;
}

/** Removes one place with what is in it; what is left of it after a failure has its name still. */
export function isRemovedFolder(fs: FileSystem, place: string): boolean {
  try {
    remove(fs, place);
    return true;
  } catch {
    return false;
  }
}

function remove(fs: FileSystem, place: string): void {
  for (const name of listOrNothing(fs, place)) fs.unlink(join(place, name));
  fs.removeFolder(place);
}
