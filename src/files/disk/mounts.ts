import { readBounded } from "./bounded-read.ts";
import type { FileSystem, Handle } from "./file-system.ts";

/** A line of /proc/self/mountinfo (proc(5)). */
export interface Mount {
  readonly id: number;
  readonly point: string;
  /** Mounted so, or the file system itself is. */
  readonly readOnly: boolean;
  /** `ext4`, `vfat`, `tmpfs`, `overlay`. */
  readonly type: string;
  /** The options of the file system itself, as `upperdir=/run/overlay/upper`. */
  readonly options: readonly string[];
}

export function readMounts(fs: FileSystem): readonly Mount[] {
  return parseMounts(readProc(fs, "/proc/self/mountinfo"));
}

export function parseMounts(text: string): readonly Mount[] {
  return text.split("\n").flatMap((line) => {
    const [own = "", rest = ""] = line.split(" - ");
    const [id, , , , point, how = ""] = own.split(" ");
    const [type, , superOptions = ""] = rest.split(" ");
    if (!id || !point || !type) return [];
    const options = superOptions.split(",").map(unescapeOctal);
    const readOnly = options.includes("ro") || how.split(",").includes("ro");
    return [{ id: Number(id), point: unescapeOctal(point), readOnly, type, options }];
  });
}

/** The mount through which a file or folder was opened; undefined where the system does not say. */
export function mountIdOf(fs: FileSystem, handle: Handle): number | undefined {
  const [, id] = /^mnt_id:\s*(\d+)$/m.exec(readProc(fs, `/proc/self/fdinfo/${handle}`)) ?? [];
  return id === undefined ? undefined : Number(id);
}

/** By the numbers that statfs(2) gives: FAT, exFAT and NTFS; and NTFS and exFAT in user space, by the name of the mount. */
const withoutModes: readonly number[] = [0x4d44, 0x2011bab0, 0x5346544e, 0x7366746e];
const inUserSpace = 0x65735546;

/** Whether the file system of a folder knows no modes, so that they say nothing about who may write. */
export function hasNoModes(fs: FileSystem, directory: string): boolean {
  const { type } = fs.space(directory);
  if (type !== inUserSpace) return withoutModes.includes(type);
  const above = readMounts(fs).filter(({ point }) => directory === point || directory.startsWith(`${point}/`));
  return above.sort((one, other) => other.point.length - one.point.length)[0]?.type === "fuseblk";
}

/** Whether what is written to `mount` is gone after a reboot: memory, or an overlay that writes to memory. */
export function isForgetful(mount: Mount, mounts: readonly Mount[]): boolean {
  if (mount.type === "tmpfs" || mount.type === "ramfs") return true;
  const upper = mount.type === "overlay" ? optionOf(mount, "upperdir") : undefined;
  const below = upper === undefined ? undefined : mountAbove(upper, mounts);
  return (
    below !== undefined &&
    below !== mount &&
    isForgetful(
      below,
      mounts.filter((other) => other !== mount),
    )
  );
}

function optionOf({ options }: Mount, name: string): string | undefined {
  return options.find((option) => option.startsWith(`${name}=`))?.slice(name.length + 1);
}

/** The mount that `path` is on, as far as it can be seen from here; the latest, where several share a place. */
function mountAbove(path: string, mounts: readonly Mount[]): Mount | undefined {
  const candidates = mounts.filter(({ point }) => path === point || path.startsWith(point === "/" ? "/" : `${point}/`));
  return candidates.reduce<Mount | undefined>(
    (longest, mount) => (longest !== undefined && longest.point.length > mount.point.length ? longest : mount),
    undefined,
  );
}

/** The kernel writes a space as `\040`. */
function unescapeOctal(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));
}

/** Empty where there is no such file: on macOS, or in a container without /proc. */
function readProc(fs: FileSystem, path: string): string {
  const reading = readBounded(fs, path, 4 * 1024 * 1024);
  return reading.kind === "read" ? new TextDecoder().decode(reading.bytes) : "";
}
