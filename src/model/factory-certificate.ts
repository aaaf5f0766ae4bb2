import { isObject } from "../base/json-object.ts";

const asked = ["provision_device_key", "provision_device_secret", "provision_device_secret_file"];

/**
 * Whether `provision.json` has a certificate and its key, and nothing to ask a server with: on a profile of the strategy
 * X.509 certificate chain the TLS handshake alone makes the device.
 */
export function isFactoryCertificate(input: unknown): boolean {
  if (!isObject(input) || input["credentials_type"] !== "X509_CERTIFICATE") return false;
  const isGiven = ["client_certificate_file", "client_key_file"].every((key) => input[key] !== undefined);
  return isGiven && asked.every((key) => input[key] === undefined);
}

/** As the check of the rest wants it: with a key and a secret. */
export function withStandIns(input: unknown): unknown {
  if (!isFactoryCertificate(input) || !isObject(input)) return input;
  return { ...input, provision_device_key: "none", provision_device_secret: "none" };
}
