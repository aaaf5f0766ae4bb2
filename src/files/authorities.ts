import { X509Certificate } from "node:crypto";
import { basename, resolve } from "node:path";
import { isSystemError } from "../base/system-error.ts";
import { ProvisioningError } from "../model/errors.ts";
import { printable, visible } from "../model/problem.ts";
import { during } from "./disk/file-error.ts";
import { closeQuietly, type FileSystem, type Handle } from "./disk/file-system.ts";
import { mayBeName } from "./file-names.ts";

/** Where Linux distributions keep the certificates of the authorities that the system trusts. */
const systemBundles = [
  "/etc/ssl/certs/ca-certificates.crt",
  "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
  "/etc/pki/tls/certs/ca-bundle.crt",
  "/etc/ssl/ca-bundle.pem",
  "/etc/ssl/cert.pem",
];

const limit = 4 * 1024 * 1024;

/** Whom to trust. */
export interface Authorities {
  /** The certificates as PEM texts; undefined: those that Node.js brings along. */
  readonly certificates: readonly string[] | undefined;
  /** Those of them that a person has named, one text each. */
  readonly named: readonly string[];
  /** Beside the certificates, those that Node.js brings along: the system was named, and has none. */
  readonly alsoNodes: boolean;
  /** What is trusted, for people. */
  readonly inWords: string;
}

/** Stands in `ca_file` for the authorities of the system. */
export const theSystem = "system";

/**
 * The authorities to trust: those of the files `caFile` (relative to `directory`; `system` stands for the system's), else
 * those of the system, else those of Node.js.
 *
 * @throws ProvisioningError AUTHORITIES_FILE_INVALID
 */
export function readAuthorities(
  fs: FileSystem,
  directory: string,
  caFile: string | readonly string[] = theSystem,
): Authorities {
  const names = [...new Set(typeof caFile === "string" ? [caFile] : caFile)];
  const files = names.filter((name) => name !== theSystem);
  const read = files.map((name) => ({ name, certificates: readNamed(fs, resolve(directory, name)) }));
  const named = read.flatMap(({ certificates }) => certificates);
  const words = read.map(({ name, certificates }) => `${printable(name)} with ${holdersOf(certificates)}`);
  const inWords = (others?: string) => [...(others === undefined ? [] : [others]), ...words].join(" and ");
  if (files.length === names.length) return { certificates: named, named, alsoNodes: false, inWords: inWords() };
  const bundle = systemBundle(fs);
  if (bundle !== undefined) {
    return { certificates: [bundle, ...named], named, alsoNodes: false, inWords: inWords("the system's authorities") };
  }
  const alsoNodes = named.length > 0;
  return { certificates: alsoNodes ? named : undefined, named, alsoNodes, inWords: inWords(nodesInWords) };
}

const nodesInWords = "the authorities that Node.js was built with (the system has none)";

/** The system's own bundle is not examined: a hundred certificates would take longer than the connection. */
function systemBundle(fs: FileSystem): string | undefined {
  for (const path of systemBundles) {
    const text = readSystemBundle(fs, path);
    if (text?.includes(beginning)) return text;
  }
  return undefined;
}

/** Whose certificates they are, as far as a person reads on. */
function holdersOf(certificates: readonly string[]): string {
  const holders = certificates.map((pem) => holderOf(new X509Certificate(pem).subject));
  const shown = holders.slice(0, mostHolders).join(", ");
  return holders.length > mostHolders ? `${shown} and ${holders.length - mostHolders} more` : shown;
}

const mostHolders = 4;

function holderOf(subject: string): string {
  const parts = subject.split("\n");
  return `"${printable(parts.findLast((part) => part.startsWith("CN="))?.slice("CN=".length) ?? parts.at(-1) ?? "")}"`;
}

const beginning = "-----BEGIN CERTIFICATE-----";
const certificate = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g;

function readNamed(fs: FileSystem, path: string): readonly string[] {
  const invalid = (reason: string, cause?: unknown) =>
    new ProvisioningError("AUTHORITIES_FILE_INVALID", `${visible(path)} ${reason}`, { cause });
  let bytes: Uint8Array | undefined;
  try {
    // A device may do something when it is opened, also by a link.
    if (fs.statThrough(path)?.kind === "special") throw invalid("is not a regular file");
    bytes = readBytes(fs, path);
  } catch (error) {
    if (!isSystemError(error)) throw error;
    const reason = `cannot be read (${error.code})`;
    if (mayBeName(path)) throw invalid(reason, error);
    // Without its cause, in which the system names the file.
    throw new ProvisioningError("AUTHORITIES_FILE_INVALID", `the file that ca_file names ${reason}`);
  }
  if (bytes === undefined) throw invalid("is not a regular file, or larger than 4 MiB");
  const certificates = decode(bytes).match(certificate) ?? [];
  if (certificates.length === 0) {
    throw invalid(isCertificate(bytes) ? isDer(path) : "holds no certificate in PEM form");
  }
  for (const [index, pem] of certificates.entries()) {
    if (!isCertificate(pem)) throw invalid(`holds a certificate that cannot be read, number ${index + 1} in the file`);
  }
  return certificates;
}

function isDer(path: string): string {
  const name = printable(basename(path));
  const pem = `${name.replace(/\.(der|cer|crt)$/, "")}.pem`;
  return `holds a certificate in DER form; convert it to PEM: openssl x509 -inform der -in ${name} -out ${pem}`;
}

function isCertificate(encoded: string | Uint8Array): boolean {
  try {
    return new X509Certificate(encoded).subject !== undefined;
  } catch {
    return false;
  }
}

function readSystemBundle(fs: FileSystem, path: string): string | undefined {
  try {
    const bytes = readBytes(fs, path);
    return bytes === undefined ? undefined : decode(bytes);
  } catch (error) {
    if (isSystemError(error, "ENOENT", "ENOTDIR", "EACCES", "ELOOP")) return undefined;
    return during(`reading ${path}`, () => {
      throw error;
    });
  }
}

/** Links are followed: bundles are mostly links. Undefined for what is not a regular file, or too large. */
function readBytes(fs: FileSystem, path: string): Uint8Array | undefined {
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
    return buffer.subarray(0, length);
  } finally {
    closeQuietly(fs, handle);
  }
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
