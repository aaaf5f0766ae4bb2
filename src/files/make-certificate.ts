import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  X509Certificate,
} from "node:crypto";
import { resolve } from "node:path";
import type { Randomness } from "../base/randomness.ts";
import { Secret } from "../base/secret.ts";
import type { ClientCertificate } from "../model/credentials.ts";
import { ProvisioningError } from "../model/errors.ts";
import { visible } from "../model/problem.ts";
import { certificateRequest } from "../wire/certificate-request.ts";
import { selfSignedCertificate } from "../wire/self-signed-certificate.ts";
import { certificatesIn } from "./client-certificate.ts";
import { readBounded } from "./disk/bounded-read.ts";
import { createOnce } from "./disk/durable-files.ts";
import { during } from "./disk/file-error.ts";
import { type FileSystem, syncFile } from "./disk/file-system.ts";
import { privateRights, rightsOf } from "./disk/rights.ts";
import { configName } from "./file-names.ts";
import { madeFiles, requestedKeyName } from "./made-certificates.ts";

/** A camera's folder, and the attempt that a certificate is for. */
interface Place {
  readonly fs: FileSystem;
  readonly directory: string;
  readonly attemptId: string;
}

/**
 * Makes a key (P-256) and a certificate that it signs, and writes both durably beside the configuration, with its rights,
 * since the camera's own client is to read them; the key is for its owner and its group at the most. Never over another file.
 */
export function makeClientCertificate(place: Place, randomness: Randomness): ClientCertificate {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const der = selfSignedCertificate({ ...subject(place, privateKey, publicKey), serialNumber: randomness.bytes(16) });
  return save(place, pemOf(privateKey), [new X509Certificate(der)]);
}

/** Asks an authority: takes a request, gives the certificate and behind it those that signed it, all in PEM. */
export type RequestCertificate = (request: string, signal: AbortSignal) => Promise<string>;

/**
 * Has a certificate made for a key that stays here. The key is durable before anybody is asked, and is the same until the
 * camera is provisioned: an authority that gives a camera one certificate is not asked for a second.
 *
 * @throws ProvisioningError CERTIFICATE_UNUSABLE, and what `request` throws
 */
export async function haveCertificateMade(
  place: Place,
  request: RequestCertificate,
  signal: AbortSignal,
): Promise<ClientCertificate> {
  const privateKey = keyToAskWith(place);
  const der = certificateRequest(subject(place, privateKey, createPublicKey(privateKey)));
  const answer = await asked(request, inPem("CERTIFICATE REQUEST", der), signal);
  if (answer.length > mostText) throw unusable(`more than ${mostText} characters`);
  const certificates = certificatesIn(answer);
  const [first] = certificates ?? [];
  if (certificates === undefined) throw unusable("a certificate that cannot be read");
  if (first === undefined) throw unusable("no certificate in PEM form");
  if (!first.checkPrivateKey(privateKey)) throw unusable("first the certificate of another key");
  return save(place, pemOf(privateKey), certificates);
}

async function asked(request: RequestCertificate, text: string, signal: AbortSignal): Promise<string> {
  try {
    return String(await request(text, signal));
  } catch (cause) {
    if (ProvisioningError.is(cause)) throw cause;
    throw new ProvisioningError("CERTIFICATE_NOT_ISSUED", "nobody answered the request for a certificate", { cause });
  }
}

/** As much as is read of such a file later. */
export const mostText = 64 * 1024;

function unusable(what: string): ProvisioningError {
  return new ProvisioningError("CERTIFICATE_UNUSABLE", `in answer to the request for a certificate there was ${what}`);
}

/** What is not whole is of a run that was killed before it asked anybody. */
function keyToAskWith({ fs, directory }: Place): KeyObject {
  const path = resolve(directory, requestedKeyName);
  return during(`writing ${path}`, () => {
    const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const bytes = Buffer.from(pemOf(privateKey).reveal());
    for (;;) {
      if (createOnce(fs, path, bytes, { rights: privateRights, withoutLinks: "exclusive" }) === "created")
        return privateKey;
      const reading = readBounded(fs, path, largestKey);
      if (reading.kind === "refused") {
        throw new ProvisioningError("FILE_IO", `${visible(path)} is ${reading.found}; it must be ${reading.expected}`);
      }
      const found = reading.kind === "read" ? keyIn(reading.bytes) : undefined;
      if (found !== undefined) {
        // A run that was killed may have made it, and a power cut would take it back.
        syncFile(fs, path);
        return found;
      }
      if (reading.kind === "read") fs.unlink(path);
    }
  });
}

const largestKey = 64 * 1024;

function keyIn(bytes: Uint8Array): KeyObject | undefined {
  try {
    return createPrivateKey(Buffer.from(bytes));
  } catch {
    return undefined;
  }
}

function subject({ attemptId }: Place, privateKey: KeyObject, publicKey: KeyObject) {
  return {
    // Independent of the device's name: where that is taken, the next one needs no other certificate.
    commonName: `thermal-provision ${attemptId}`,
    publicKey: publicKey.export({ type: "spki", format: "der" }),
    sign: (bytes: Uint8Array) => sign("sha256", bytes, privateKey),
  };
}

function pemOf(key: KeyObject): Secret {
  return new Secret(String(key.export({ type: "pkcs8", format: "pem" })));
}

function inPem(label: string, der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString("base64")
      .match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ""].join("\n");
}

/** The rights of those who are neither the owner nor in the group. */
const readableByAll = 0o007;

function save(
  { fs, directory, attemptId }: Place,
  privateKey: Secret,
  certificates: readonly X509Certificate[],
): ClientCertificate {
  const made = madeFiles(attemptId);
  const rights = during(`looking into ${directory}`, () => rightsOf(fs.lstat(resolve(directory, configName))));
  const create = (name: string, text: string, mode: number) => {
    const path = resolve(directory, name);
    during(`writing ${path}`, () => {
      if (
        createOnce(fs, path, Buffer.from(text), { rights: { ...rights, mode }, withoutLinks: "exclusive" }) === "exists"
      ) {
        throw new ProvisioningError("FILE_IO", `${visible(path)} is there already, and is nothing of this attempt`);
      }
    });
  };
  create(made.privateKeyFile, privateKey.reveal(), rights.mode & ~readableByAll);
  create(made.certificateFile, certificates.map(String).join(""), rights.mode);
  return { type: "X509_CERTIFICATE", ...made, certificate: certificates[0]?.raw.toString("base64") ?? null };
}
