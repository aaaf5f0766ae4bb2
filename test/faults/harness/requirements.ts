import { readFileSync } from "node:fs";
import { whereIs } from "./program.ts";

/** Where a program comes from, for those who have to install it. */
const packages: Readonly<Record<string, string>> = {
  strace: "strace",
  flock: "util-linux",
  unshare: "util-linux",
  setpriv: "util-linux",
  mount: "mount",
  "mkfs.ext4": "e2fsprogs",
  "mkfs.ext2": "e2fsprogs",
  "mkfs.vfat": "dosfstools",
  "fsck.vfat": "dosfstools",
  "linux.uml": "user-mode-linux",
  dmsetup: "dmsetup",
  insmod: "kmod",
  ip: "iproute2",
  tc: "iproute2",
  nft: "nftables",
  "mkfs.xfs": "xfsprogs",
  "mkfs.btrfs": "btrfs-progs",
  eatmydata: "eatmydata",
  faketime: "faketime",
  "mkfs.exfat": "exfatprogs",
  "mount.exfat-fuse": "exfat-fuse",
};

/** Those of `programs` that this machine lacks, each with the Debian package that has it. */
export function missingPrograms(...programs: readonly string[]): readonly string[] {
  if (process.platform !== "linux") return ["Linux"];
  const absent = programs.filter((program) => whereIs(program) === undefined);
  return absent.map((program) => `${program} (Debian package ${packages[program] ?? program})`);
}

export function missingRoot(): readonly string[] {
  return process.getuid?.() === 0 ? [] : ["the rights of root"];
}

/** A file system that the kernel does not have. */
export function missingKernel(type: string): readonly string[] {
  if (process.platform !== "linux") return [];
  const known = readFileSync("/proc/filesystems", "utf8").split(/\s+/).includes(type);
  return known ? [] : [`${type} in its kernel`];
}
