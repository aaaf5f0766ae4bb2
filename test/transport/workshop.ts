import { execFileSync } from "node:child_process";
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
  /** Default: an EC key of P-256; else the bits of an RSA key, or Ed25519. */
  readonly key?: "EC" | "ED25519" | 1024 | 2048;
  readonly digest?: "sha1" | "sha256";
}

/** Makes certificates with the program `openssl`, in a folder that goes with it. */
export class Workshop implements Disposable {
  readonly #folder = mkdtempSync(join(tmpdir(), "certificates-"));
  #count = 0;

  /** A certificate whose subject has the common name `name`. */
  make(name: string, { signer, extensions = [], key = "EC", digest = "sha256" }: Wishes = {}): Made {
    const base = join(this.#folder, `${++this.#count}`);
    const [keyFile, requestFile, certFile, extensionFile] = ["key", "csr", "pem", "ext"].map((end) => `${base}.${end}`);
    if (!keyFile || !requestFile || !certFile || !extensionFile) throw new Error("four names");
    const newKey =
      key === "EC"
        ? ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
        : ["-newkey", key === "ED25519" ? "ed25519" : `rsa:${key}`];
    openssl(
      "req",
      "-new",
      ...newKey,
      "-nodes",
      "-keyout",
      keyFile,
      "-out",
      requestFile,
      "-subj",
      `/CN=${name}`,
      "-utf8",
    );
    writeFileSync(extensionFile, `${extensions.join("\n")}\n`);
    const signing =
      signer === undefined
        ? ["-signkey", keyFile]
        : ["-CA", signer.certFile, "-CAkey", signer.keyFile, "-CAcreateserial"];
    const form = ["-days", "30", `-${digest}`, "-extfile", extensionFile, "-out", certFile];
    openssl("x509", "-req", "-in", requestFile, ...signing, ...form);
    return { cert: read(certFile), key: read(keyFile), certFile, keyFile };
  }

  /** A certificate authority; `extensions` come beside that. */
  authority(name: string, { extensions = [], ...wishes }: Wishes = {}): Made {
    return this.make(name, { ...wishes, extensions: ["basicConstraints=critical,CA:true", ...extensions] });
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true });
  }
}

export const forLocalhost = "subjectAltName=DNS:localhost,IP:127.0.0.1";

function openssl(...parameters: readonly string[]): void {
  execFileSync("openssl", parameters, { stdio: "pipe" });
}

function read(path: string): string {
  return readFileSync(path, "utf8");
}
