import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { resolve } from "node:path";
import { Secret } from "../base/secret.ts";
import type { ClientCertificate } from "../model/credentials.ts";
import { ProvisioningError } from "../model/errors.ts";
import { visible } from "../model/problem.ts";
import { readBounded } from "./disk/bounded-read.ts";
import { during } from "./disk/file-error.ts";
import type { FileSystem } from "./disk/file-system.ts";
import { mayBeName } from "./file-names.ts";
import { environment, isTpmKey, whyTpmKeyIsShut } from "./tpm-key.ts";

/** A certificate with its key, as a TLS handshake takes them, and as the server knows it. */
export interface ReadCertificate {
  /** The certificate first, then those that signed it. PEM. */
  readonly certificates: string;
  /** PEM; of a key that lies in a TPM, what only the TPM can read. */
  readonly privateKey: Secret;
  /** The first certificate as ThingsBoard stores it: base64 of its DER. */
  readonly certificate: string;
  readonly validFrom: Date;
  readonly validTo: Date;
}

type Files = Pick<ClientCertificate, "certificateFile" | "privateKeyFile"> & Partial<ClientCertificate>;

/**
 * Reads a certificate and its key; they must belong together, and be the ones that were written down, where that was.
 *
 * @throws ProvisioningError CLIENT_CERTIFICATE_INVALID, TPM_KEY_UNUSABLE
 */
export function readClientCertificate(fs: FileSystem, directory: string, files: Files): ReadCertificate {
  const certificatePath = resolve(directory, files.certificateFile);
  const keyPath = resolve(directory, files.privateKeyFile);
  const certificates = certificatesIn(readText(fs, certificatePath));
  if (certificates === undefined) throw invalid(certificatePath, "holds a certificate that cannot be read");
  const [first, ...signers] = certificates;
  if (first === undefined) throw invalid(certificatePath, "holds no certificate in PEM form");
  const privateKey = new Secret(readText(fs, keyPath));
  if (!first.checkPrivateKey(keyIn(keyPath, privateKey))) {
    throw invalid(keyPath, `is not the key of the certificate in ${visible(certificatePath)}`);
  }
  const certificate = first.raw.toString("base64");
  const { certificate: written = null } = files;
  if (written !== null && written !== certificate) {
    throw invalid(certificatePath, "holds another certificate than the one that the server was told of");
  }
  return {
    certificates: [first, ...signers].map(String).join(""),
    privateKey,
    certificate,
    validFrom: new Date(first.validFrom),
    validTo: new Date(first.validTo),
  };
}

/** When the certificate in `file` ends; undefined where that cannot be read. Needs no right to read the key. */
export function endOfCertificate(fs: FileSystem, directory: string, file: string): Date | undefined {
  try {
    const [first] = certificatesIn(readText(fs, resolve(directory, file))) ?? [];
    return first && new Date(first.validTo);
  } catch (error) {
    if (ProvisioningError.is(error)) return undefined;
    throw error;
  }
}

const limit = 64 * 1024;

function readText(fs: FileSystem, path: string): string {
  const reading = during(`reading ${path}`, () => readBounded(fs, path, limit));
  switch (reading.kind) {
    case "absent":
      if (mayBeName(path)) throw invalid(path, "is missing");
      throw new ProvisioningError("CLIENT_CERTIFICATE_INVALID", "a file of the camera's own certificate is missing");
    case "refused":
      throw invalid(path, `is ${reading.found}; it must be ${reading.expected}`);
    case "read":
      return new TextDecoder().decode(reading.bytes);
  }
}

const pem = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g;

/** The certificates in a text; undefined where one cannot be read. */
export function certificatesIn(text: string): readonly X509Certificate[] | undefined {
  try {
    return (text.match(pem) ?? []).map((each) => new X509Certificate(each));
  } catch {
    return undefined;
  }
}

/** What OpenSSL says of a key is left out: it may quote it. */
function keyIn(path: string, key: Secret): KeyObject {
  try {
    return createPrivateKey(key.reveal());
  } catch (error) {
    if (!isTpmKey(key.reveal())) throw invalid(path, "holds no private key in PEM form, or one that wants a password");
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    throw new ProvisioningError("TPM_KEY_UNUSABLE", `${visible(path)} ${whyTpmKeyIsShut(code, environment)}`);
  }
}

function invalid(path: string, reason: string): ProvisioningError {
  return new ProvisioningError("CLIENT_CERTIFICATE_INVALID", `${visible(path)} ${reason}`);
}
