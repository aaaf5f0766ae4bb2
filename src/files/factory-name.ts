import { X509Certificate } from "node:crypto";
import { resolve } from "node:path";
import { isObject } from "../base/json-object.ts";
import { isFactoryCertificate } from "../model/factory-certificate.ts";
import type { Problem } from "../model/problem.ts";
import { readBounded } from "./disk/bounded-read.ts";
import type { FileSystem } from "./disk/file-system.ts";
import type { Completed } from "./secret-files.ts";

const limit = 64 * 1024;

/** Puts the common name of the certificate where `provision.json` names no device and the server makes it by the certificate. */
export function completeName(fs: FileSystem, directory: string, input: unknown): Completed {
  if (!isFactoryCertificate(input) || !isObject(input) || input["device_name"] !== undefined) {
    return { input, problems: [] };
  }
  const { client_certificate_file: file } = input;
  if (typeof file !== "string" || file === "") return { input, problems: [] };
  const read = commonName(fs, resolve(directory, file));
  if (typeof read === "string") return { input: { ...input, device_name: read }, problems: [] };
  // What is wrong with the file is told, and not the name that it does not give.
  return { input: { ...input, device_name: "unknown" }, problems: [{ path: ["client_certificate_file"], ...read }] };
}

function commonName(fs: FileSystem, path: string): string | Pick<Problem, "found" | "expected"> {
  const expected = "the camera's certificate in PEM form, with a common name";
  const reading = readBounded(fs, path, limit);
  if (reading.kind === "absent") return { found: "the name of a file that is not there", expected };
  if (reading.kind === "refused") return reading;
  try {
    const { CN: name } = new X509Certificate(Buffer.from(reading.bytes)).toLegacyObject().subject;
    return typeof name === "string" ? name : { found: "a certificate without a common name", expected };
  } catch {
    return { found: "the name of a file without a certificate", expected };
  }
}
