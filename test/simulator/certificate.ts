import { generateKeyPairSync, randomBytes, sign } from "node:crypto";

/** A certificate made for a test, with its key: PEM, and DER for connections in memory. */
export interface TestCertificate {
  readonly cert: string;
  readonly key: string;
  readonly der: Buffer;
}

export interface CertificateRequest {
  readonly commonName: string;
  /** Who signs; default: itself. */
  readonly authority?: { readonly commonName: string; readonly key: string };
  /** Whose it is (SubjectPublicKeyInfo, DER); default: a new key's, the one that is given back. */
  readonly publicKey?: Uint8Array;
  readonly from?: Date;
  readonly to?: Date;
}

/** X.509 v3 with an EC key, valid for 127.0.0.1 and localhost. Node can read certificates but not make them. */
export function makeCertificate({ commonName, authority, publicKey, from, to }: CertificateRequest): TestCertificate {
  const pair = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const key = pair.privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  const signer = authority?.key ?? key;
  const algorithm = sequence(oid("2a8648ce3d040302"));
  const names = der(0x30, der(0x82, Buffer.from("localhost")), der(0x87, Buffer.from([127, 0, 0, 1])));
  const body = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    algorithm,
    name(authority?.commonName ?? commonName),
    sequence(time(from ?? new Date("2026-01-01T00:00:00Z")), time(to ?? new Date("2036-01-01T00:00:00Z"))),
    name(commonName),
    publicKey ?? pair.publicKey.export({ type: "spki", format: "der" }),
    der(0xa3, sequence(sequence(oid("551d11"), der(0x04, names)))),
  );
  const signature = sign("sha256", body, signer);
  const whole = sequence(body, algorithm, der(0x03, Buffer.concat([Buffer.from([0]), signature])));
  const lines = whole.toString("base64").replace(/.{64}/g, "$&\n");
  return { cert: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`, key, der: whole };
}

function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(parts);
  const { length } = body;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), body]);
}

function sequence(...parts: readonly Uint8Array[]): Buffer {
  return der(0x30, ...parts);
}

function oid(hex: string): Buffer {
  return der(0x06, Buffer.from(hex, "hex"));
}

function name(commonName: string): Buffer {
  return sequence(der(0x31, sequence(oid("550403"), der(0x0c, Buffer.from(commonName)))));
}

function time(moment: Date): Buffer {
  return der(0x17, Buffer.from(`${moment.toISOString().slice(2, 19).replace(/[-:T]/g, "")}Z`));
}
