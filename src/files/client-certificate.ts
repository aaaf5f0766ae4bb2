import { createPrivateKey, generateKeyPairSync, type KeyObject, sign, X509Certificate } from "node:crypto";
import { resolve } from "node:path";
import type { Randomness } from "../base/randomness.ts";
import { Secret } from "../base/secret.ts";
import type { ClientCertificate } from "../model/credentials.ts";
import { ProvisioningError } from "../model/errors.ts";
import { visible } from "../model/problem.ts";
import { selfSignedCertificate } from "../wire/self-signed-certificate.ts";
import { readBounded } from "./disk/bounded-read.ts";
import { createOnce } from "./disk/create-once.ts";
import { during } from "./disk/file-error.ts";
import type { FileSystem } from "./disk/file-system.ts";
import { rightsOf } from "./disk/rights.ts";
import { configName, mayBeName } from "./file-names.ts";
import { madeFiles } from "./made-certificates.ts";

/** A certificate with its key, as a TLS handshake takes them, and as the server knows it. */
export interface ReadCertificate {
  /** The certificate first, then those that signed it. PEM. */
  readonly certificates: string;
  /** PEM. */
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
 * @throws ProvisioningError CLIENT_CERTIFICATE_INVALID
 */
export function readClientCertificate(fs: FileSystem, directory: string, files: Files): ReadCertificate {
  const certificatePath = resolve(directory, files.certificateFile);
  const keyPath = resolve(directory, files.privateKeyFile);
  const [first, ...signers] = certificatesIn(certificatePath, readText(fs, certificatePath));
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

function certificatesIn(path: string, text: string): readonly X509Certificate[] {
  return (text.match(pem) ?? []).map((each) => {
    try {
      return new X509Certificate(each);
    } catch {
      throw invalid(path, "holds a certificate that cannot be read");
    }
  });
}

/** What OpenSSL says of a key is left out: it may quote it. */
function keyIn(path: string, key: Secret): KeyObject {
  try {
    return createPrivateKey(key.reveal());
  } catch {
    throw invalid(path, "holds no private key in PEM form, or one that wants a password");
  }
}

function invalid(path: string, reason: string): ProvisioningError {
  return new ProvisioningError("CLIENT_CERTIFICATE_INVALID", `${visible(path)} ${reason}`);
}

/** The rights of those who are neither the owner nor in the group. */
const readableByAll = 0o007;

/**
 * Makes a key (P-256) and a certificate that it signs, and writes both durably beside the configuration, with its rights,
 * since the camera's own client is to read them; the key is for its owner and its group at the most. Never over another file.
 */
export function makeClientCertificate(
  fs: FileSystem,
  directory: string,
  attemptId: string,
  randomness: Randomness,
): ClientCertificate {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const der = selfSignedCertificate({
    // Independent of the device's name: where that is taken, the next one needs no other certificate.
    commonName: `thermal-provision ${attemptId}`,
    serialNumber: randomness.bytes(16),
    publicKey: publicKey.export({ type: "spki", format: "der" }),
    sign: (bytes) => sign("sha256", bytes, privateKey),
  });
  const made = madeFiles(attemptId);
  const rights = during(`looking into ${directory}`, () => rightsOf(fs.lstat(resolve(directory, configName))));
  const create = (name: string, text: string | Buffer, mode: number) => {
    const path = resolve(directory, name);
    during(`writing ${path}`, () => {
      if (
        createOnce(fs, path, Buffer.from(text), { rights: { ...rights, mode }, withoutLinks: "exclusive" }) === "exists"
      ) {
        throw new ProvisioningError("FILE_IO", `${visible(path)} is there already, and is nothing of this attempt`);
      }
    });
  };
  create(made.privateKeyFile, privateKey.export({ type: "pkcs8", format: "pem" }), rights.mode & ~readableByAll);
  create(made.certificateFile, String(new X509Certificate(der)), rights.mode);
  return { type: "X509_CERTIFICATE", ...made, certificate: Buffer.from(der).toString("base64") };
}
