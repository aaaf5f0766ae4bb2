import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { UsageError } from "../command/command.ts";
import { Mistakes } from "./mistakes.ts";
import { readPem } from "./pem-file.ts";

/** Certificate and key for TLS, as PEM. Throws UsageError with everything that is wrong with both. */
export async function readTls(
  certFile: string,
  keyFile: string,
): Promise<{ readonly cert: string; readonly key: string }> {
  const mistakes = new Mistakes();
  const certificate = await mistakes.of(() => {
    const pem = readPem(certFile, "--tls-cert");
    return { pem, read: certificateIn(pem, certFile, "--tls-cert") };
  });
  const key = await mistakes.of(() => {
    const pem = readPem(keyFile, "--tls-key");
    return { pem, read: privateKeyIn(pem, keyFile) };
  });
  mistakes.tell();
  if (certificate === undefined || key === undefined) throw new Error("What could not be read was told.");
  if (!certificate.read.checkPrivateKey(key.read)) {
    throw new UsageError(`--tls-key: ${keyFile} is not the key of ${certFile}`);
  }
  return { cert: certificate.pem, key: key.pem };
}

/** The certificate of an authority, as PEM. Throws UsageError. */
export function readAuthority(file: string): string {
  const pem = readPem(file, "--authority");
  certificateIn(pem, file, "--authority");
  return pem;
}

/** What OpenSSL says of it helps nobody, and may quote it. */
function certificateIn(pem: string, file: string, option: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch {
    throw new UsageError(`${option}: ${file} holds no certificate`);
  }
}

function privateKeyIn(pem: string, file: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch {
    throw new UsageError(`--tls-key: ${file} holds no private key, or one that is encrypted`);
  }
}
