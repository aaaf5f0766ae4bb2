import { X509Certificate } from "node:crypto";
import { resolve } from "node:path";
import { isSystemError } from "../base/system-error.ts";
import { ProvisioningError } from "../model/errors.ts";
import { during } from "./disk/file-error.ts";
import type { FileSystem, Handle } from "./disk/file-system.ts";
import { closeQuietly } from "./disk/sync.ts";

/** Where Linux distributions keep the certificates of the authorities that the system trusts. */
const systemBundles = [
  "/etc/ssl/certs/ca-certificates.crt",
  "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
  "/etc/pki/tls/certs/ca-bundle.crt",
  "/etc/ssl/ca-bundle.pem",
  "/etc/ssl/cert.pem",
];

const limit = 4 * 1024 * 1024;

/**
 * The certificates, as PEM texts, of the authorities to trust: those of `caFile` (relative to `directory`), else those of
 * the system, else undefined, which means those that Node.js brings along.
 *
 * @throws ProvisioningError AUTHORITIES_FILE_INVALID
 */
export function readAuthorities(
  fs: FileSystem,
  directory: string,
  caFile: string | undefined,
): readonly string[] | undefined {
  if (caFile !== undefined) return readNamed(fs, resolve(directory, caFile));
  for (const path of systemBundles) {
    // The system's own bundle is not examined: a hundred certificates would take longer than the connection.
    const text = readSystemBundle(fs, path);
    if (text?.includes(beginning)) return [text];
  }
  return undefined;
}

const beginning = "-----BEGIN CERTIFICATE-----";
const certificate = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g;

function readNamed(fs: FileSystem, path: string): readonly string[] {
  const invalid = (reason: string, cause?: unknown) =>
    new ProvisioningError("AUTHORITIES_FILE_INVALID", `${path} ${reason}`, { cause });
  let text: string | undefined;
  try {
    text = readText(fs, path);
  } catch (error) {
    if (!isSystemError(error)) throw error;
    throw invalid(`cannot be read (${error.code})`, error);
  }
  if (text === undefined) throw invalid("is no regular file, or larger than 4 MiB");
  const certificates = text.match(certificate) ?? [];
  if (certificates.length === 0) throw invalid("holds no certificate in PEM form");
  for (const [index, pem] of certificates.entries()) {
    if (!isCertificate(pem)) throw invalid(`holds a certificate that cannot be read, number ${index + 1} in the file`);
  }
  return certificates;
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).subject !== undefined;
  } catch {
    return false;
  }
}

function readSystemBundle(fs: FileSystem, path: string): string | undefined {
  try {
    return readText(fs, path);
  } catch (error) {
    if (isSystemError(error, "ENOENT", "ENOTDIR", "EACCES", "ELOOP")) return undefined;
    return during(`reading ${path}`, () => {
      throw error;
    });
  }
}

/** Links are followed: bundles are mostly links. Undefined for what is no regular file, or too large. */
function readText(fs: FileSystem, path: string): string | undefined {
  const handle: Handle = fs.open(path, "read-through");
  try {
    const { kind, size } = fs.stat(handle);
    if (kind !== "file" || size > limit) return undefined;
    const buffer = new Uint8Array(size);
    let length = 0;
    while (length < size) {
      const count = fs.read(handle, buffer.subarray(length), length);
      if (count === 0) break;
      length += count;
    }
    return new TextDecoder().decode(buffer.subarray(0, length));
  } finally {
    closeQuietly(fs, handle);
  }
}
