import { join } from "node:path";
import { createOnce } from "./disk/create-once.ts";
import { during } from "./disk/file-error.ts";
import type { FileSystem } from "./disk/file-system.ts";
import { privateRights } from "./disk/rights.ts";
import { syncFolder } from "./disk/sync.ts";
import { processedName, triggerName } from "./file-names.ts";

/** What was probably meant to be the trigger: a computer that hides endings adds a second one, or writes in capitals. */
export function misnamedTrigger(fs: FileSystem, directory: string): string | undefined {
  return fs.list(directory).find((name) => name !== triggerName && /^provision\.txt(\.txt)?$/i.test(name));
}

/**
 * The work is done: `provision.txt` becomes `provision.txt.processed`, in the place of an older one. Where both names
 * are missing, as a power cut on FAT can leave it, the second is made again.
 */
export function processTrigger(fs: FileSystem, directory: string): void {
  const [trigger, processed] = [join(directory, triggerName), join(directory, processedName)];
  during(`renaming ${trigger}`, () => {
    if (fs.lstat(trigger) !== undefined) fs.rename(trigger, processed);
    else if (fs.lstat(processed) === undefined) {
      createOnce(fs, processed, new Uint8Array(), { rights: privateRights, withoutLinks: "exclusive" });
    }
    syncFolder(fs, directory);
  });
}
