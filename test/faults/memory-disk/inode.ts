/** A file or a folder, as programs see it now and as the platter has it. */
export interface Inode {
  readonly number: number;
  readonly kind: "file" | "folder";
  mode: number;
  owner: number;
  group: number;
  bytes: Buffer;
  /** What the last sync of this file put on the platter. */
  synced: { readonly bytes: Buffer; readonly mode: number };
  /** A sync failed: the kernel believes these bytes written, and no later sync writes them. */
  dropped: Buffer | undefined;
  /** FAT: the name under which its clusters are not known yet; until the next sync of the moved file itself. */
  movedTo: string | undefined;
  /** Of a folder: what programs see. */
  readonly names: Map<string, Inode>;
  /** Of a folder: what a power cut leaves for certain. */
  readonly durable: Map<string, Inode>;
}

let lastNumber = 0;

export function newInode(kind: Inode["kind"], mode: number): Inode {
  return {
    number: ++lastNumber,
    kind,
    mode,
    owner: 0,
    group: 0,
    bytes: Buffer.alloc(0),
    synced: { bytes: Buffer.alloc(0), mode },
    dropped: undefined,
    movedTo: undefined,
    names: new Map(),
    durable: new Map(),
  };
}

/** The file as it is now is on the platter. */
export function syncInode(inode: Inode): void {
  if (inode.dropped === inode.bytes) return;
  inode.synced = { bytes: inode.bytes, mode: inode.mode };
  inode.movedTo = undefined;
}

/** A change of names in one folder that is on the platter as a whole or not at all; undefined takes a name away. */
export interface Change {
  readonly folder: Inode;
  readonly names: readonly (readonly [name: string, inode: Inode | undefined])[];
}

export function apply(names: Map<string, Inode>, change: Change): void {
  for (const [name, inode] of change.names) {
    if (inode === undefined) names.delete(name);
    else names.set(name, inode);
  }
}
