import { dirname, join } from "node:path";
import type { FileSystem } from "../files/disk/file-system.ts";
import { attempt } from "./attempt.ts";

/** More folders than that are no mistake of somebody who copied a file. */
const mostFolders = 200;

/** The file `name` where somebody may have put it by mistake: one folder further up or down. */
export function misplaced(files: FileSystem, directory: string, name: string): string | undefined {
  const listed = attempt(() => files.list(directory));
  const below = ("value" in listed ? listed.value : []).filter((each) => !each.startsWith(".")).slice(0, mostFolders);
  const paths = [dirname(directory), ...below.map((each) => join(directory, each))].map((each) => join(each, name));
  return paths.find((path) => {
    // What stands there may be a file, and be no folder.
    const looked = attempt(() => files.lstat(path)?.kind);
    return "value" in looked && looked.value === "file";
  });
}
