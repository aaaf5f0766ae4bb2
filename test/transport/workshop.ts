import { execFileSync } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A certificate and its key as PEM texts, and the files that OpenSSL signs others with. */
export interface Made {
  readonly cert: string;
  readonly key: string;
  readonly certFile: string;
  readonly keyFile: string;
}

export interface Wishes {
  /** Absent: it signs itself. */
  readonly signer?: Made;
  /** Lines of OpenSSL's extension file. */
  readonly extensions?: readonly string[];
  /** Default: an EC key of P-256; else another curve, the bits of an RSA key, or Ed25519. */
  readonly key?: keyof typeof keys;
  readonly digest?: "sha1" | "sha256";
  /** From and to, as OpenSSL writes moments; default: the next thirty days. */
  readonly valid?: readonly [from: string, to: string];
  /** The whole subject, as OpenSSL writes it; default: the name as common name. */
  readonly subject?: string;
}

/** What `openssl req` is told for a key. */
const keys = {
  EC: ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"],
  "P-384": ["ec", "-pkeyopt", "ec_paramgen_curve:P-384"],
  "P-224": ["ec", "-pkeyopt", "ec_paramgen_curve:P-224"],
  "P-192": ["ec", "-pkeyopt", "ec_paramgen_curve:P-192"],
  ED25519: ["ed25519"],
  1024: ["rsa:1024"],
  2048: ["rsa:2048"],
} as const;

/** What the programs `openssl req` and `openssl ca` want to read; the latter only signs for a time of one's choice. */
const settingsFor = (folder: string, extensions: readonly string[]) => `[req]
distinguished_name = subject
[subject]
[ours]
${extensions.join("\n")}
[ca]
default_ca = signing
[signing]
database = ${folder}/signed
new_certs_dir = ${folder}
rand_serial = yes
unique_subject = no
policy = anybody
[anybody]
commonName = optional
organizationName = optional
`;

/** Makes certificates with the program `openssl`, in a folder that goes with it. */
export class Workshop implements Disposable {
  readonly folder = mkdtempSync(join(tmpdir(), "certificates-"));
  #count = 0;

  /** A certificate whose subject has the common name `name`. */
  make(name: string, { signer, extensions = [], key = "EC", ...wishes }: Wishes = {}): Made {
    const { digest = "sha256", valid, subject = `/CN=${name}` } = wishes;
    const base = join(this.folder, `${++this.#count}`);
    const [keyFile, certFile, settings] = [`${base}.key`, `${base}.pem`, `${base}.cnf`];
    writeFileSync(settings, settingsFor(this.folder, extensions));
    const request = ["-config", settings, "-newkey", ...keys[key], "-nodes", "-keyout", keyFile];
    const who = ["-subj", subject, "-utf8"];
    if (valid !== undefined) {
      const requestFile = `${base}.csr`;
      openssl("req", "-new", ...request, ...who, "-out", requestFile);
      this.#signForATime(valid, signer, { settings, keyFile, requestFile, certFile });
    } else {
      const signing = signer === undefined ? [] : ["-CA", signer.certFile, "-CAkey", signer.keyFile];
      const form = ["-extensions", "ours", "-days", "30", `-${digest}`, "-out", certFile];
      openssl("req", "-x509", ...request, ...who, ...signing, ...form);
    }
    return { cert: read(certFile), key: read(keyFile), certFile, keyFile };
  }

  /** The certificate in binary form. */
  der({ cert }: Made): Uint8Array {
    return new X509Certificate(cert).raw;
  }

  /** A file of this content, in the folder. */
  write(name: string, content: string | Uint8Array): string {
    const path = join(this.folder, name);
    writeFileSync(path, content);
    return path;
  }

  #signForATime(
    [from, to]: readonly [string, string],
    signer: Made | undefined,
    {
      settings,
      keyFile,
      requestFile,
      certFile,
    }: Readonly<Record<"settings" | "keyFile" | "requestFile" | "certFile", string>>,
  ): void {
    this.write("signed", "");
    const signing =
      signer === undefined
        ? ["-selfsign", "-keyfile", keyFile]
        : ["-cert", signer.certFile, "-keyfile", signer.keyFile];
    const form = ["-config", settings, "-extensions", "ours", "-in", requestFile, "-out", certFile];
    openssl("ca", "-batch", "-notext", "-md", "sha256", ...signing, "-startdate", from, "-enddate", to, ...form);
  }

  /** A certificate authority; `extensions` come beside that. */
  authority(name: string, { extensions = [], ...wishes }: Wishes = {}): Made {
    return this.make(name, { ...wishes, extensions: ["basicConstraints=critical,CA:true", ...extensions] });
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true });
  }
}

export const forLocalhost = "subjectAltName=DNS:localhost,IP:127.0.0.1";

function openssl(...parameters: readonly string[]): void {
  execFileSync("openssl", parameters, { stdio: "pipe" });
}

function read(path: string): string {
  return readFileSync(path, "utf8");
}
