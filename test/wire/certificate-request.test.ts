import { execFileSync } from "node:child_process";
import { createPublicKey, generateKeyPairSync, sign } from "node:crypto";
import { expect, test } from "vitest";
import { certificateRequest } from "../../src/wire/certificate-request.ts";

test("all of a request but its signature is these bytes", () => {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const spki = publicKey.export({ type: "spki", format: "der" });
  const parts: Uint8Array[] = [];
  const request = certificateRequest({
    commonName: "cam",
    publicKey: spki,
    sign: (bytes) => {
      parts.push(bytes);
      return sign("sha256", bytes, privateKey);
    },
  });
  expect(Buffer.concat(parts).toString("hex")).toBe(
    [
      "3070", // CertificationRequestInfo
      "020100", // version 1
      "300e310c300a06035504030c0363616d", // subject CN=cam
      spki.toString("hex"),
      "a000", // no attributes
    ].join(""),
  );
  expect(Buffer.from(request).includes(Buffer.from("300a06082a8648ce3d040302", "hex"))).toBe(true);
  const read = (...parameters: string[]) =>
    execFileSync("openssl", ["req", "-inform", "DER", "-noout", ...parameters], { input: request, encoding: "utf8" });
  expect(read("-verify", "-subject", "-nameopt", "RFC2253")).toContain("subject=CN=cam");
  expect(createPublicKey(read("-pubkey")).equals(publicKey)).toBe(true);
});
