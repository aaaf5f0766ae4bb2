import { X509Certificate } from "node:crypto";
import { readClientCertificate } from "../files/client-certificate.ts";
import { madeFiles } from "../files/made-certificates.ts";
import { haveCertificateMade, makeClientCertificate } from "../files/make-certificate.ts";
import { type ClientCertificate, type Credentials, generateCredentials } from "../model/credentials.ts";
import { ProvisioningError } from "../model/errors.ts";
import type { ClientCertificateFiles } from "../model/login-choices.ts";
import { type Warning, warning } from "../model/warnings.ts";
import type { Endpoint } from "../transport/link.ts";
import type { Surroundings } from "./surroundings.ts";
import type { Task } from "./task.ts";

/**
 * How to connect in order to log in with `credentials`: those that are a certificate are shown in the handshake. They are
 * read each time, since most cameras have none.
 *
 * @throws ProvisioningError CLIENT_CERTIFICATE_INVALID, TPM_KEY_UNUSABLE, TLS_REQUIRED
 */
export function endpointFor(
  { files, directory }: Pick<Surroundings, "files" | "directory">,
  endpoint: Endpoint,
  credentials: Credentials,
): Endpoint {
  if (credentials.type !== "X509_CERTIFICATE") return endpoint;
  const { tls } = endpoint;
  if (tls === undefined) {
    // Without TLS the server would see nobody, and refuse: that would say nothing of the certificate.
    const wanted = "the camera logs in with a certificate, and provision.json asks for plain text";
    throw new ProvisioningError("TLS_REQUIRED", wanted);
  }
  const { certificates, privateKey } = readClientCertificate(files, directory, credentials);
  return { ...endpoint, tls: { ...tls, clientCertificate: { certificates, privateKey } } };
}

/**
 * How to connect in order to ask for `credentials`. A certificate is shown there already, since some servers let nobody in
 * without one; ThingsBoard looks at the user name `provision` first. Those that signed it are left out: a server that makes
 * devices out of chains would make one in this handshake.
 *
 * @throws ProvisioningError CLIENT_CERTIFICATE_INVALID, TLS_REQUIRED
 */
export function endpointToAsk(
  surroundings: Pick<Surroundings, "files" | "directory">,
  endpoint: Endpoint,
  credentials: Credentials,
): Endpoint {
  if (credentials.type !== "X509_CERTIFICATE") return endpoint;
  const { tls, ...rest } = endpointFor(surroundings, endpoint, credentials);
  const own = tls?.clientCertificate;
  if (own === undefined) return endpoint;
  const certificates = new X509Certificate(own.certificates).toString();
  return { ...rest, tls: { ...tls, clientCertificate: { ...own, certificates } } };
}

/** Credentials that nobody has yet; where the camera was given a certificate, or is given one for its key, that one. */
export async function ownCredentials({ surroundings, report, credentials, attemptId }: Task): Promise<Credentials> {
  const { files: fs, directory, randomness, requestCertificate, signal } = surroundings;
  const { credentialsType: type, clientCertificate: given } = credentials;
  if (type !== "X509_CERTIFICATE") return generateCredentials(type, randomness);
  if (given !== undefined) return givenCertificate(surroundings, given);
  const place = { fs, directory, attemptId };
  if (requestCertificate === undefined) return makeClientCertificate(place, randomness);
  const made = await haveCertificateMade(place, requestCertificate, signal);
  report.warn(...certificateWarnings(surroundings, made));
  return made;
}

const month = 30 * 24 * 60 * 60 * 1000;

/** A certificate that was given, and of which less than a third of its life is left, at most 30 days ahead. */
export function certificateWarnings(
  { files, directory, clock }: Pick<Surroundings, "files" | "directory" | "clock">,
  given: ClientCertificateFiles | undefined,
): readonly Warning[] {
  if (given === undefined) return [];
  const { validFrom, validTo } = readClientCertificate(files, directory, given);
  const ahead = Math.min(month, (validTo.getTime() - validFrom.getTime()) / 3);
  if (validTo.getTime() - clock.now().getTime() >= ahead) return [];
  return [warning("CLIENT_CERTIFICATE_ENDS", `Its end is ${validTo.toISOString()}.`)];
}

function givenCertificate(
  { files, directory }: Pick<Surroundings, "files" | "directory">,
  given: ClientCertificateFiles,
): ClientCertificate {
  const { certificate } = readClientCertificate(files, directory, given);
  return { type: "X509_CERTIFICATE", ...given, certificate };
}

/** The certificate that the camera was given; else the names of the files that it would make in the attempt `attemptId`. */
export function exampleCertificate(
  surroundings: Pick<Surroundings, "files" | "directory">,
  given: ClientCertificateFiles | undefined,
  attemptId: string,
): ClientCertificate {
  if (given !== undefined) return givenCertificate(surroundings, given);
  return { type: "X509_CERTIFICATE", ...madeFiles(attemptId), certificate: null };
}
