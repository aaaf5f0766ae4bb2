import * as v from "valibot";
import { isObject } from "../base/json-object.ts";
import type { Problem } from "./problem.ts";

/** The secrets that may stand in a file of their own, and the keys of `provision.json` that name it. */
export const secretsInFiles = [
  { key: "provision_device_secret", fileKey: "provision_device_secret_file" },
  { key: "access_token", fileKey: "access_token_file" },
] as const;

const fileName = "the name of a file, relative to that of provision.json";

function entry(key: string) {
  const rules = v.pipe(v.string(fileName), v.minLength(1, fileName), v.maxLength(4096, fileName));
  const description = `An addition of thermal-provision. A file that holds ${key} and nothing else, in its place.`;
  return v.optional(v.pipe(rules, v.description(description)));
}

/** The keys of `provision.json` that name such a file. */
export const secretFileEntries = {
  provision_device_secret_file: entry("provision_device_secret"),
  access_token_file: entry("access_token"),
};

/** A secret is in one place only. */
export function secretFileContradictions(input: unknown): readonly Problem[] {
  if (!isObject(input)) return [];
  return secretsInFiles
    .filter(({ key, fileKey }) => input[key] !== undefined && input[fileKey] !== undefined)
    .map(({ key, fileKey }) => ({ path: [fileKey], found: `${key} as well`, expected: "one of the two" }));
}
