// This process' own: Node.js reads OpenSSL's configuration once, as it begins.
export { env as environment } from "node:process";

/** A key that a TPM made and has encrypted for itself: only that TPM can use what stands in the file. */
export function isTpmKey(pem: string): boolean {
  return pem.includes("-----BEGIN TSS2 PRIVATE KEY-----");
}

/**
 * Why such a key could not be opened, as what follows the name of its file. `code` is Node's own for OpenSSL's error: with no
 * provider for these keys it is that of a form which is not known.
 */
export function whyTpmKeyIsShut(code: unknown, { OPENSSL_CONF: configuration = "" }: NodeJS.ProcessEnv): string {
  const key = "holds a key that lies in a TPM (TSS2 PRIVATE KEY)";
  if (code !== "ERR_OSSL_UNSUPPORTED") return `${key}, and the TPM does not open it (${code ?? "no code"})`;
  const without = "and Node.js runs without an OpenSSL provider that reads it";
  if (configuration === "") return `${key}, ${without}: OPENSSL_CONF is not set`;
  return `${key}, ${without}: what OPENSSL_CONF names loads none, or the TPM could not be reached when Node.js began`;
}
