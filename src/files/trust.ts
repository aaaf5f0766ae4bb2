import { join } from "node:path";
import { ProvisioningError } from "../model/errors.ts";
import { during } from "./disk/file-error.ts";
import { type Attributes, closeQuietly, type FileSystem } from "./disk/file-system.ts";
import { hasNoModes } from "./disk/mounts.ts";
import { isWritableByOthers, modeInWords, type Owners, ownersOf } from "./disk/rights.ts";
import { credentialsName, journalName } from "./file-names.ts";
import { recordOf, unfinishedFolders } from "./journal/journal-folder.ts";

/** A name on the way to what a run believes, and what the file system tells of it. */
interface Seen {
  readonly path: string;
  readonly attributes: Attributes;
}

/**
 * Why what is at `seen` may be another user's doing; undefined where it is not. As sshd judges the way to its keys: it must
 * belong to one of `owners`, and nobody else may write it.
 */
export function distrust({ path, attributes }: Seen, owners: Owners): string | undefined {
  const { owner, group, mode } = attributes;
  if (owners !== "anybody" && !owners.includes(owner)) {
    const allowed = [...new Set(owners)].map((each) => (each === 0 ? "root" : `user ${each}`)).join(" or ");
    return `${path} belongs to user ${owner}, expected ${allowed}`;
  }
  if (!isWritableByOthers(attributes)) return undefined;
  const who = (mode & 0o002) === 0 ? `group ${group}, which is not its owner's own,` : "every user";
  return `${path} can be written by ${who} (mode ${modeInWords(mode)})`;
}

/**
 * What in a camera's folder another user of the machine may have put there or changed, in words; none on a file system
 * that knows no modes. Once nobody else can write the folder, nobody else can change what was found here, either.
 */
export function findDistrust(fs: FileSystem, directory: string): readonly string[] {
  return during(`looking whose the files in ${directory} are`, () => {
    const user = fs.user();
    const folder = { path: directory, attributes: folderItself(fs, directory) };
    const owners = ownersOf(user, folder.attributes);
    const found = [
      distrust(folder, user === 0 ? "anybody" : [user, 0]),
      ...believed(fs, directory).map((seen) => distrust(seen, owners)),
    ].filter((each) => each !== undefined);
    return found.length > 0 && hasNoModes(fs, directory) ? [] : found;
  });
}

/**
 * Refuses a folder that others may write: a journal that somebody planted would be believed.
 *
 * @throws ProvisioningError FOLDER_NOT_TRUSTED
 */
export function refuseDistrusted(fs: FileSystem, directory: string): void {
  const [first, ...others] = findDistrust(fs, directory);
  if (first === undefined) return;
  const more = others.length === 0 ? "" : `, and ${others.length} more`;
  throw new ProvisioningError("FOLDER_NOT_TRUSTED", `${first}${more}`);
}

/** The journal, all that is in it, and `provision.json`. The reserved room is left out: a wrong one is made again. */
function believed(fs: FileSystem, directory: string): readonly Seen[] {
  const journal = join(directory, journalName);
  const folders = unfinishedFolders(fs, directory).map((name) => join(journal, name));
  const records = folders.flatMap((folder) =>
    fs.list(folder).flatMap((name) => (recordOf(name) === undefined ? [] : [join(folder, name)])),
  );
  return [join(directory, credentialsName), journal, ...folders, ...records].flatMap((path) => {
    const attributes = fs.lstat(path);
    // Everybody may write a link; what is believed is never read through one.
    return attributes === undefined || attributes.kind === "link" ? [] : [{ path, attributes }];
  });
}

/** Of the folder itself, also when it was reached by a link. */
function folderItself(fs: FileSystem, directory: string): Attributes {
  const handle = fs.open(directory, "folder");
  try {
    return fs.stat(handle);
  } finally {
    closeQuietly(fs, handle);
  }
}
