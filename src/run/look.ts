import { readInputs } from "../files/inputs.ts";
import { findCommitted, hasJournal } from "../files/journal/journal.ts";
import { look } from "../files/look.ts";
import { readThermalConfig } from "../files/thermal-config-file.ts";
import type { Event } from "../flow/accept.ts";
import { ProvisioningError } from "../model/errors.ts";
import type { ConfiguredCredentials } from "../model/thermal-config.ts";
import { isHere, type Task } from "./load.ts";
import type { Surroundings } from "./provision-options.ts";

/**
 * Whether there is anything to do: a trigger, or a journal of the server at hand. Writes nothing and takes no lock.
 * A journal of another server waits until the camera is sent back there; without a provision.json nobody asks.
 */
export function somethingToDo({ files, directory, newIdentity }: Surroundings): boolean {
  const { trigger, unfinished } = look(files, directory);
  if (trigger) return true;
  if (unfinished.length === 0) return false;
  if (findCommittedWork({ files, directory, newIdentity }) !== undefined) return true;
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

/** Whether its trigger is still there, and asks for something else by now: the files were changed, or the words. */
export interface FoundWork extends CommittedWork {
  readonly superseded: boolean;
}

/** Finds committed work by the configuration alone: the other input files may be gone by now. */
export function findCommittedWork({
  files,
  directory,
  newIdentity,
}: Pick<Surroundings, "files" | "directory" | "newIdentity">): FoundWork | undefined {
  const configured = readConfigured(files, directory);
  const attempt = findCommitted(files, directory, configured?.attemptId ?? null);
  if (attempt === undefined || configured === undefined) return undefined;
  const isOther = (newIdentity && !attempt.newIdentity) || isSentElsewhere(files, directory, configured);
  return { host: attempt.host, configured, superseded: isOther && look(files, directory).trigger };
}

/**
 * Whether `provision.json` names another server or key than the one that `configured` came from
 * (docs/architecture.md#a-camera-that-was-provisioned-before).
 */
function isSentElsewhere(files: Surroundings["files"], directory: string, configured: ConfiguredCredentials): boolean {
  try {
    return !isHere(configured, readInputs(files, directory).credentials);
  } catch (error) {
    // Where nobody can read what is wanted now, what was wanted is finished.
    if (ProvisioningError.is(error)) return false;
    throw error;
  }
}

/**
 * Reads the configuration once more before the first request of a run: should the lock ever fail, another run may have
 * written it meanwhile (docs/architecture.md#two-starts-at-once).
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
