import { join } from "node:path";
import { createOnce } from "./disk/durable-files.ts";
import { during } from "./disk/file-error.ts";
import { type FileSystem, syncFolder } from "./disk/file-system.ts";
import { privateRights } from "./disk/rights.ts";
import { processedName, triggerName } from "./file-names.ts";

/**
 * `provision`, in any case, with blanks or the mark of a copy, and with up to two endings of a text: a computer that hides
 * endings adds a second one, an editor its own, and a second download gets a number.
 */
const nearly =
  /^\s*provision\s*(?:[-_ ]+\s*copy(?:\s*\d+)?\s*)?(?:\(\d+\)\s*)?(?:\.\s*(?:txt|text|rtf|docx?|md)\s*){0,2}$/i;

/** Which of these names was probably meant to be that of the trigger; undefined where the trigger is there. */
export function misnamedTrigger(names: readonly string[], isFile: (name: string) => boolean): string | undefined {
  if (names.includes(triggerName)) return undefined;
  return names.find((name) => nearly.test(name) && isFile(name));
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
