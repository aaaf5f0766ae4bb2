import { readInputs } from "../files/inputs.ts";
import { findCommitted, hasJournal } from "../files/journal.ts";
import { look } from "../files/look.ts";
import { readThermalConfig } from "../files/thermal-config-file.ts";
import type { Event } from "../flow/accept.ts";
import { ProvisioningError } from "../model/errors.ts";
import type { ConfiguredCredentials } from "../model/thermal-config.ts";
import { isHere, type Task } from "./load.ts";
import type { Surroundings } from "./options.ts";

/**
 * Whether there is anything to do: a trigger, or a journal of the server at hand. Writes nothing and takes no lock.
 * A journal of another server waits until the camera is sent back there; without a provision.json nobody asks.
 */
export function somethingToDo({ files, directory }: Surroundings): boolean {
  const { trigger, unfinished } = look(files, directory);
  if (trigger) return true;
  if (unfinished.length === 0) return false;
  if (findCommittedWork({ files, directory }) !== undefined) return true;
  try {
    return hasJournal(files, directory, readInputs(files, directory).credentials.host);
  } catch (error) {
    if (ProvisioningError.is(error) && error.errorCode === "CREDENTIALS_FILE_MISSING") return false;
    throw error;
  }
}

/** A provisioning whose configuration is written, and of which only the tidying is left. */
export interface CommittedWork {
  readonly host: string;
  readonly configured: ConfiguredCredentials;
}

/** Finds committed work by the configuration alone: the other input files may be gone by now. */
export function findCommittedWork({
  files,
  directory,
}: Pick<Surroundings, "files" | "directory">): CommittedWork | undefined {
  const configured = readConfigured(files, directory);
  const host = findCommitted(files, directory, configured?.attemptId ?? null);
  return host === undefined || configured === undefined ? undefined : { host, configured };
}

/**
 * Reads the configuration once more before the first request of a run: should the lock ever fail, another run may have
 * written it meanwhile (design 5, "Two starts at once").
 */
export function lookAgain({ surroundings, credentials }: Task): Event {
  const { configured } = readThermalConfig(surroundings.files, surroundings.directory);
  return { event: "looked-again", configured, configuredHere: isHere(configured, credentials) };
}

function readConfigured(files: Surroundings["files"], directory: string): ConfiguredCredentials | undefined {
  try {
    return readThermalConfig(files, directory).configured;
  } catch {
    // A configuration that cannot be read carries nothing; it is reported when the input files are read.
    return undefined;
  }
}
