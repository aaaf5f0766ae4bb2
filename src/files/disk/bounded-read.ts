import { isSystemError } from "../../base/system-error.ts";
import { type Attributes, closeQuietly, type FileSystem, type Handle } from "./file-system.ts";

/** What came of reading a file: nothing there, its bytes, or why it was not read. */
export type Reading =
  | { readonly kind: "absent" }
  | { readonly kind: "read"; readonly bytes: Uint8Array; readonly attributes: Attributes }
  | { readonly kind: "refused"; readonly found: string; readonly expected: string };

const kinds = {
  folder: "a folder",
  link: "a symbolic link",
  special: "a pipe, a socket or a device",
} as const;

/**
 * Reads a regular file of at most `limit` bytes. Links are not followed, pipes are not waited for, and a larger file is
 * not read at all.
 */
export function readBounded(fs: FileSystem, path: string, limit: number): Reading {
  const seen = fs.lstat(path);
  if (seen === undefined) return { kind: "absent" };
  const refusal = refuse(seen, limit);
  if (refusal !== undefined) return refusal;
  let handle: Handle;
  try {
    handle = fs.open(path, "read");
  } catch (error) {
    if (isSystemError(error, "ENOENT")) return { kind: "absent" };
    if (isSystemError(error, "ELOOP")) return { kind: "refused", found: kinds.link, expected: "a regular file" };
    if (isSystemError(error, "EACCES", "EPERM")) {
      return forbidden(seen, fs.user());
    }
    throw error;
  }
  try {
    // Once more: between the two calls somebody may have put another file there.
    const attributes = fs.stat(handle);
    return refuse(attributes, limit) ?? readOpen(fs, handle, attributes, limit);
  } finally {
    closeQuietly(fs, handle);
  }
}

function forbidden({ owner, mode }: Attributes, user: number): Reading {
  const found = `a file of user ${owner}, mode ${(mode & 0o7777).toString(8)}, that this user (${user}) may not read`;
  return { kind: "refused", found, expected: "one that it may" };
}

function refuse({ kind, size }: Attributes, limit: number): Reading | undefined {
  if (kind !== "file") return { kind: "refused", found: kinds[kind], expected: "a regular file" };
  return size > limit ? tooLarge(limit) : undefined;
}

function tooLarge(limit: number): Reading {
  return { kind: "refused", found: "a larger file", expected: `at most ${limit / 1024} KiB` };
}

/** The size says how much to expect, no more: the file may grow, and those of /proc have none. */
function readOpen(fs: FileSystem, handle: Handle, attributes: Attributes, limit: number): Reading {
  let buffer = new Uint8Array(Math.min(Math.max(attributes.size, 4095), limit) + 1);
  let length = 0;
  for (;;) {
    const count = fs.read(handle, buffer.subarray(length), length);
    if (count === 0) return { kind: "read", bytes: buffer.slice(0, length), attributes };
    length += count;
    if (length > limit) return tooLarge(limit);
    if (length === buffer.byteLength) {
      const larger = new Uint8Array(Math.min(length * 2, limit + 1));
      larger.set(buffer);
      buffer = larger;
    }
  }
}

/** Whether both are there and say the same. */
export function isEqual(one: Uint8Array | undefined, other: Uint8Array): boolean {
  return one !== undefined && Buffer.compare(one, other) === 0;
}
