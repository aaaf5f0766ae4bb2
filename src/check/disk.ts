import { join } from "node:path";
import { fileError } from "../files/disk/file-error.ts";
import { closeQuietly, type FileSystem } from "../files/disk/file-system.ts";
import { hasNoModes, isForgetful, type Mount, mountIdOf, readMounts } from "../files/disk/mounts.ts";
import { configName, triggerName } from "../files/file-names.ts";
import { checkProcessedName, checkSpace, refuseImmutable } from "../files/suitability.ts";
import type { System } from "../files/system.ts";
import { ProvisioningError } from "../model/errors.ts";
import { warning } from "../model/warnings.ts";
import { attempt } from "./attempt.ts";
import { type CheckLine, failed, ok, skipped, warned } from "./line.ts";

interface Place {
  readonly files: FileSystem;
  readonly directory: string;
  readonly system: System;
}

/** Whether the folder can keep what will be written. Nothing is written on trial, as a run does before it asks. */
export function checkDisk(place: Place): readonly CheckLine[] {
  return [fileSystem(place), writable(place), space(place), replaceable(place)];
}

function fileSystem({ files, directory }: Place): CheckLine {
  const read = attempt(() => ({ ...mountOf(files, directory), isWithoutModes: hasNoModes(files, directory) }));
  if ("problem" in read) return failed("disk", "file system", read.problem);
  const { mount, mounts, isWithoutModes } = read.value;
  if (mount === undefined) return skipped("disk", "file system", "the system does not tell which one it is");
  if (mount.readOnly) {
    const message = `${mount.point} (${mount.type}) is mounted read-only`;
    return failed("disk", "file system", new ProvisioningError("FOLDER_READ_ONLY", message));
  }
  if (isForgetful(mount, mounts))
    return warned("disk", "file system", warning("FILES_NOT_KEPT", `It is ${mount.type}.`));
  if (isWithoutModes) {
    return warned("disk", "file system", warning("FILES_NOT_PRIVATE", `It is ${mount.type}.`));
  }
  return ok("disk", "file system", `${mount.type}, mounted at ${mount.point}`);
}

function mountOf(files: FileSystem, directory: string): { mount: Mount | undefined; mounts: readonly Mount[] } {
  const handle = files.open(directory, "folder");
  try {
    const mounts = readMounts(files);
    const id = mountIdOf(files, handle);
    return { mount: mounts.find((each) => each.id === id), mounts };
  } finally {
    closeQuietly(files, handle);
  }
}

function writable({ directory, system }: Place): CheckLine {
  const error = system.mayWrite(directory);
  const { number, name } = system.user();
  if (error === undefined) return ok("disk", "permission", `user ${name} (${number}) may write into the folder`);
  const problem = fileError(error, `writing into ${directory} as user ${name} (${number})`);
  return failed("disk", "permission", ProvisioningError.from(problem));
}

function space({ files, directory }: Place): CheckLine {
  const read = attempt(() => {
    checkSpace(files, directory, files.lstat(join(directory, configName))?.size ?? 0);
    return files.space(directory);
  });
  if ("problem" in read) return failed("disk", "space", read.problem);
  const { freeBytes, inodes, freeInodes } = read.value;
  const free = `${Math.floor(freeBytes / 1024 / 1024)} MiB`;
  return ok(
    "disk",
    "space",
    inodes > 0 ? `${free} are free, and room for ${freeInodes} more files` : `${free} are free`,
  );
}

/**
 * What a run will rename or replace. An immutable file (chattr +i) is asked about, and not opened for writing as a run
 * does it: the path unit takes the closing of a trigger that was open for writing for a change, and starts a run.
 */
function replaceable({ files, directory, system }: Place): CheckLine {
  const read = attempt(() => {
    checkProcessedName(files, directory);
    for (const path of [configName, triggerName].map((name) => join(directory, name))) {
      if (files.lstat(path) !== undefined) refuseImmutable(path, system.mayWrite(path));
    }
  });
  if ("problem" in read) return failed("disk", "files to replace", read.problem);
  return ok("disk", "files to replace", "nothing is in the way of the new configuration and of the finished trigger");
}
