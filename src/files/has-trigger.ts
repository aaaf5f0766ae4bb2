import { lstatSync } from "node:fs";
import { join } from "node:path";
import { triggerName } from "./file-names.ts";

/** Whether something stands in the trigger's place; false also where nobody can tell. */
export function hasTrigger(directory: string): boolean {
  try {
    return lstatSync(join(directory, triggerName), { throwIfNoEntry: false }) !== undefined;
  } catch {
    return false;
  }
}
