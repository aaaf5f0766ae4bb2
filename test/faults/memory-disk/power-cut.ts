import { apply, type Change, type Inode, newInode } from "./inode.ts";
import type { Luck } from "./luck.ts";

/**
 * How a disk forgets. `in order`: of the changes of names that were not synced a power cut keeps the first ones, as a
 * journal does. `any subset`: it keeps whichever it likes. `FAT`: so, too, and a rename is two changes; the new name
 * lasts only once the moved file itself was synced again, and when the folder is synced before that, the name lasts and
 * points to nothing (seen on real vfat); no links, no modes.
 */
export type Forgetting = "in order" | "any subset" | "FAT";

/** The tree that is found after a power cut: new inodes, all of them on the platter. */
export function afterPowerCut(root: Inode, unsynced: readonly Change[], forgetting: Forgetting, luck: Luck): Inode {
  const kept = survivors(
    unsynced.filter((change) => !isMoving(change)),
    forgetting,
    luck,
  );
  const copies = new Map<Inode, Inode>();
  const copy = (inode: Inode, name: string): Inode => {
    // Two names of one file stay two names of one file; on FAT that is a damage, which a check of the disk resolves.
    const known = forgetting === "FAT" ? undefined : copies.get(inode);
    if (known !== undefined) return known;
    const found = newInode(inode.kind, inode.mode);
    copies.set(inode, found);
    Object.assign(found, { number: inode.number, owner: inode.owner, group: inode.group });
    if (inode.kind === "file") recover(inode, name, found, luck);
    const names = new Map(inode.durable);
    for (const change of kept) if (change.folder === inode) apply(names, change);
    for (const [each, child] of names) found.names.set(each, copy(child, each));
    for (const [each, child] of found.names) found.durable.set(each, child);
    return found;
  };
  return copy(root, "");
}

function isMoving({ names }: Change): boolean {
  return names.some(([name, inode]) => inode?.movedTo === name);
}

function survivors(unsynced: readonly Change[], forgetting: Forgetting, luck: Luck): readonly Change[] {
  const manner = luck.upTo(3);
  if (manner === 0) return [];
  if (manner === 1) return unsynced;
  if (manner === 2 || forgetting === "in order") return unsynced.slice(0, luck.upTo(unsynced.length));
  return unsynced.filter(() => luck.toss());
}

function recover(inode: Inode, name: string, found: Inode, luck: Luck): void {
  const isSynced = inode.synced.bytes === inode.bytes && inode.synced.mode === inode.mode;
  if (inode.movedTo === name) found.bytes = luck.toss() ? Buffer.alloc(0) : Buffer.alloc(inode.bytes.byteLength);
  else if (isSynced) found.bytes = inode.bytes;
  else {
    found.bytes = unsyncedBytes(inode.synced.bytes, inode.bytes, luck);
    if (luck.toss()) found.mode = inode.synced.mode;
  }
  found.synced = { bytes: found.bytes, mode: found.mode };
}

/** What was written and not synced is lost, whole, torn anywhere, or a hole of zeros. */
function unsyncedBytes(before: Buffer, written: Buffer, luck: Luck): Buffer {
  const torn = luck.upTo(written.byteLength);
  switch (luck.upTo(4)) {
    case 0:
      return before;
    case 1:
      return written;
    case 2:
      return Buffer.concat([written.subarray(0, torn), before.subarray(torn)]);
    case 3:
      return Buffer.concat([written.subarray(0, torn), Buffer.alloc(written.byteLength - torn)]);
    default:
      return Buffer.alloc(written.byteLength);
  }
}
