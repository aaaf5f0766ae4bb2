import { basename, dirname } from "node:path";
import { readBounded } from "../../files/disk/bounded-read.ts";
import { during } from "../../files/disk/file-error.ts";
import type { FileSystem } from "../../files/disk/file-system.ts";
import { findDuplicates, meaningOf, nodeAt, parseJsonText, withoutStrangeKey } from "../../files/json/json-text.ts";
import { ProvisioningError } from "../../model/errors.ts";
import type { LocatedProblem, Problem } from "../../model/problem.ts";
import { ProvisioningCredentials, provisioningCredentialsEntries } from "../../model/provisioning-credentials.ts";
import { endpointOf } from "../../run/endpoint.ts";
import { surroundings } from "../../run/surroundings.ts";
import type { Endpoint } from "../../transport/link.ts";

/** The server of a station, from a file with the keys of `provision.json`. */
export interface StationServer {
  readonly credentials: ProvisioningCredentials;
  /** Whether the file has provisioning key and secret; for devices made over REST they may be absent. */
  readonly hasKey: boolean;
  readonly endpoint: Endpoint;
}

const limit = 64 * 1024;
const keys = ["provision_device_key", "provision_device_secret"] as const;

/**
 * Reads the file `path`.
 *
 * @throws ProvisioningError CREDENTIALS_FILE_MISSING, CREDENTIALS_FILE_UNREADABLE, CREDENTIALS_FILE_INVALID,
 *   AUTHORITIES_FILE_INVALID
 */
export function readProvisionFile(fs: FileSystem, path: string): StationServer {
  const file = basename(path);
  const reading = during(`reading ${path}`, () => readBounded(fs, path, limit));
  if (reading.kind === "absent") {
    throw new ProvisioningError("CREDENTIALS_FILE_MISSING", `there is no ${path}; --provision-file names another`);
  }
  if (reading.kind === "refused") {
    const { found, expected } = reading;
    throw new ProvisioningError("CREDENTIALS_FILE_UNREADABLE", `${path}: found ${found}, expected ${expected}`);
  }
  const json = parseJsonText(file, reading.bytes);
  if ("problems" in json) throw invalid(path, json.problems);
  const located = (problem: Problem): LocatedProblem => ({
    ...problem,
    file,
    ...json.placeOf((nodeAt(json.root, problem.path) ?? json.root).offset),
  });
  const input = meaningOf(json.root);
  const members = typeof input === "object" && input !== null ? Object.entries(input) : [];
  const hasKey = members.some(([key]) => keys.some((each) => each === key));
  // Without key and secret the file is whole, too: what stands in their place is never sent.
  const absent = hasKey || members.length === 0 ? {} : Object.fromEntries(keys.map((key) => [key, "absent"]));
  const checked = ProvisioningCredentials(members.length === 0 ? input : { ...Object.fromEntries(members), ...absent });
  const forOne = members.filter(([key]) => key === "device_name" || key === "access_token");
  const problems = [
    ...findDuplicates(file, json, json.root, []),
    ...(checked.ok ? [] : checked.problems.map(located)),
    ...forOne.map(([key]) =>
      located({ path: [key], found: "a key for one camera", expected: "none: the list says it for each camera" }),
    ),
  ];
  const known = Object.keys(provisioningCredentialsEntries);
  const told = problems.map((problem) => withoutStrangeKey(problem, known));
  if (!checked.ok || problems.length > 0) throw invalid(path, told);
  const credentials = checked.value;
  return { credentials, hasKey, endpoint: endpointFor(fs, path, credentials) };
}

/** Where to connect; a file of authorities is looked for beside the provision file, `path`. */
export function endpointFor(files: FileSystem, path: string, credentials: ProvisioningCredentials): Endpoint {
  return endpointOf(surroundings({ files, directory: dirname(path) }), credentials);
}

function invalid(path: string, problems: readonly LocatedProblem[]): ProvisioningError {
  return new ProvisioningError("CREDENTIALS_FILE_INVALID", `${path} cannot be used:`, { problems });
}
