import { join } from "node:path";
import { during } from "../disk/file-error.ts";
import type { FileSystem } from "../disk/file-system.ts";
import { syncFolder } from "../disk/sync.ts";
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
    for (const place of places) {
      for (const name of listOrNothing(fs, place)) fs.unlink(join(place, name));
      fs.removeFolder(place);
    }
    if (places.length > 0) syncFolder(fs, journal);
    return places;
  });
}
