import { Secret } from "../../base/secret.ts";
import { readBounded } from "../../files/disk/bounded-read.ts";
import { during } from "../../files/disk/file-error.ts";
import type { FileSystem } from "../../files/disk/file-system.ts";
import { isReadableByOthers } from "../../files/disk/rights.ts";
import { type ErrorCode, ProvisioningError } from "../../model/errors.ts";

const limit = 4096;

interface SecretFileOptions {
  /** Of the error, whatever is wrong with the file. */
  readonly code: ErrorCode;
  /** Somebody else sees to it that nobody reads it: systemd, for its credentials. Default false. */
  readonly isKept?: boolean;
}

/** The one word of a file that holds a secret and that nobody else may read. Throws ProvisioningError. */
export function readSecretFile(fs: FileSystem, path: string, { code, isKept = false }: SecretFileOptions): Secret {
  const reading = during(`reading ${path}`, () => readBounded(fs, path, limit));
  if (reading.kind === "absent") throw new ProvisioningError(code, `there is no file ${path}`);
  if (reading.kind === "refused") {
    throw new ProvisioningError(code, `${path}: found ${reading.found}, expected ${reading.expected}`);
  }
  if (!isKept && isReadableByOthers(reading.attributes)) {
    throw new ProvisioningError(code, `others can read ${path}; make it yours alone: chmod 600 ${path}`);
  }
  const text = new TextDecoder().decode(reading.bytes).trim();
  if (text === "" || /\s/.test(text)) throw new ProvisioningError(code, `${path} does not hold one word`);
  return new Secret(text);
}
