import { createPrivateKey, createPublicKey, sign, X509Certificate } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { selfSignedCertificate } from "../../src/wire/self-signed-certificate.ts";

/** The key of RFC 6979, A.2.5. */
const privateKey = createPrivateKey({
  format: "jwk",
  key: {
    kty: "EC",
    crv: "P-256",
    d: Buffer.from("c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721", "hex").toString("base64url"),
    x: Buffer.from("60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6", "hex").toString("base64url"),
    y: Buffer.from("7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299", "hex").toString("base64url"),
  },
});
const publicKey = createPublicKey(privateKey).export({ type: "spki", format: "der" });
const signed = (bytes: Uint8Array) => sign("sha256", bytes, privateKey);

test("all of a certificate but its signature is these bytes", () => {
  const parts: Uint8Array[] = [];
  selfSignedCertificate({
    commonName: "cam",
    serialNumber: Buffer.from("00000000000000000000000000000080", "hex"),
    publicKey,
    sign: (bytes) => {
      parts.push(bytes);
      return Uint8Array.of();
    },
  });
  expect(Buffer.concat(parts).toString("hex")).toBe(
    [
      "3081d6", // TBSCertificate
      "a003020102", // version 3
      "02020080", // the serial number, which is not negative
      "300a06082a8648ce3d040302", // ecdsa-with-SHA256
      "300e310c300a06035504030c0363616d", // issuer CN=cam
      "3020170d3730303130313030303030305a180f39393939313233313233353935395a", // 1970-01-01 to 9999-12-31
      "300e310c300a06035504030c0363616d", // subject CN=cam
      Buffer.from(publicKey).toString("hex"),
      "a3223020", // extensions
      "30090603551d1304023000", // basicConstraints: no authority
      "30130603551d25040c300a06082b06010505070302", // extendedKeyUsage: clientAuth
    ].join(""),
  );
});

test("any name and any serial number give a certificate that OpenSSL reads, and that its own key has signed", () => {
  const name = fc
    .string({ unit: "grapheme", minLength: 1, maxLength: 60 })
    .filter((text) => /^[\p{L}\p{N} -]+$/u.test(text));
  fc.assert(
    fc.property(name, fc.uint8Array({ minLength: 16, maxLength: 16 }), (commonName, serialNumber) => {
      const certificate = new X509Certificate(
        selfSignedCertificate({ commonName, serialNumber, publicKey, sign: signed }),
      );
      expect(certificate.verify(createPublicKey(privateKey))).toBe(true);
      expect(certificate.checkPrivateKey(privateKey)).toBe(true);
      expect(certificate.ca).toBe(false);
      expect(BigInt(`0x${certificate.serialNumber}`)).toBe(BigInt(`0x${Buffer.from(serialNumber).toString("hex")}`));
    }),
  );
});
