import { spawnSync } from "node:child_process";
import { closeSync, mkdirSync, mkdtempSync, openSync, renameSync, rmSync, truncateSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A file system of this kernel that a power cut is played on. */
export interface DiskFormat {
  readonly name: string;
  /** The kernel's name of it. */
  readonly type: string;
  readonly program: string;
  readonly parameters: readonly string[];
  readonly megabytes: number;
  readonly options: string;
  /** Whether the kernel tells disks apart by an id in them, so that none may be a copy of another that is mounted. */
  readonly hasOwnId?: true;
  /** What a system does before it mounts the disk: looks for damage where there is no journal, forgets the other copy. */
  readonly check?: (image: string) => readonly string[];
}

/** Each in the way that hides least: ext4 does not guess that a rename wants its file written. */
export const formats: readonly DiskFormat[] = [
  {
    name: "ext4",
    type: "ext4",
    program: "mkfs.ext4",
    parameters: ["-q", "-F", "-b", "1024"],
    megabytes: 32,
    options: "noauto_da_alloc",
  },
  {
    name: "ext2",
    type: "ext2",
    program: "mkfs.ext2",
    parameters: ["-q", "-F"],
    megabytes: 16,
    options: "defaults",
    check: (image) => ["e2fsck", "-f", "-y", image],
  },
  { name: "xfs", type: "xfs", program: "mkfs.xfs", parameters: ["-q", "-f"], megabytes: 320, options: "nouuid" },
  {
    name: "btrfs",
    type: "btrfs",
    program: "mkfs.btrfs",
    parameters: ["-q", "-f"],
    megabytes: 128,
    options: "defaults",
  },
  { name: "vfat", type: "vfat", program: "mkfs.vfat", parameters: [], megabytes: 16, options: "defaults" },
];

/** Empty disks of a format, one for every cut. */
export class Disks implements Disposable {
  readonly #format: DiskFormat;
  readonly #folder = mkdtempSync(join(tmpdir(), "disks-"));
  readonly #template: string;
  #count = 0;

  constructor(format: DiskFormat) {
    this.#format = format;
    this.#template = join(this.#folder, "template");
    makeImage(this.#template, format);
  }

  next(): Disk {
    const place = join(this.#folder, String(++this.#count));
    const image = `${place}.image`;
    if (this.#format.hasOwnId) makeImage(image, this.#format);
    else copyImage(this.#template, image);
    return new Disk(this.#format, image, place);
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** A disk in a file, mounted. */
export class Disk implements Disposable {
  readonly mountPoint: string;
  readonly #format: DiskFormat;
  readonly #image: string;

  constructor(format: DiskFormat, image: string, mountPoint: string) {
    this.#format = format;
    this.#image = image;
    this.mountPoint = mountPoint;
    mkdirSync(mountPoint);
    this.#mount();
  }

  /** Cuts the power: what the file of the image holds now, without a sync, is what the next mount finds. */
  cutPower(): void {
    const left = `${this.#image}.left`;
    copyImage(this.#image, left);
    run("umount", this.mountPoint);
    renameSync(left, this.#image);
    // It ends with 1 when it has mended something.
    const [program, ...parameters] = this.#format.check?.(this.#image) ?? [];
    if (program !== undefined) spawnSync(program, parameters);
    this.#mount();
  }

  sync(): void {
    run("sync", "--file-system", this.mountPoint);
  }

  [Symbol.dispose](): void {
    run("umount", this.mountPoint);
    rmSync(this.#image);
    rmSync(this.mountPoint, { recursive: true });
  }

  #mount(): void {
    const { type, options } = this.#format;
    run("mount", "-t", type, "-o", `loop,${options}`, this.#image, this.mountPoint);
  }
}

function makeImage(path: string, { program, parameters, megabytes }: DiskFormat): void {
  closeSync(openSync(path, "w"));
  truncateSync(path, megabytes * 1024 * 1024);
  run(program, ...parameters, path);
}

function copyImage(from: string, to: string): void {
  run("cp", "--sparse=always", from, to);
}

function run(program: string, ...parameters: readonly string[]): void {
  const { status, stderr, error } = spawnSync(program, parameters, { encoding: "utf8" });
  if (status !== 0) throw new Error(`${program} ${parameters.join(" ")}: ${error?.message ?? stderr.trim()}`);
}
