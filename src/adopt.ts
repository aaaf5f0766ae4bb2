import { randomUuid } from "./base/randomness.ts";
import { readBody } from "./files/body.ts";
import { takeLock } from "./files/disk/lock.ts";
import { readAccessList } from "./files/disk/rights.ts";
import type { GivenCredentials } from "./files/given-credentials.ts";
import { type Inputs, readInputs } from "./files/inputs.ts";
import { look } from "./files/look.ts";
import { checkSuitability } from "./files/suitability.ts";
import type { Candidate, Proof } from "./flow/known.ts";
import { sameCredentials } from "./model/credentials.ts";
import { isDeviceName } from "./model/device-name.ts";
import { ProvisioningError } from "./model/errors.ts";
import { emptyJournal } from "./model/journal.ts";
import type { Outcome } from "./model/outcome.ts";
import { warning } from "./model/warnings.ts";
import { endpointOf } from "./run/endpoint.ts";
import { fileJournal } from "./run/journal-port.ts";
import { checkTrust, connectionWarnings, knownAtStart } from "./run/load.ts";
import { proveOnce } from "./run/prove-once.ts";
import type { ProvisionOptions } from "./run/provision-options.ts";
import { Report } from "./run/report.ts";
import { saveNew } from "./run/steps/save.ts";
import { type Surroundings, surroundings as withDefaults } from "./run/surroundings.ts";
import type { Task } from "./run/task.ts";
import { refuseUnfinished } from "./run/unfinished.ts";

/**
 * Takes credentials that an administrator made on the server: proves them, and saves them as a provisioning does, with a
 * backup and in the same order. The server is that of `provision.json`, and so is the device's name where `given` has none.
 * Every failure is a value, and nothing was changed then.
 */
export async function adopt(given: GivenCredentials, options: ProvisionOptions = {}): Promise<Outcome> {
  let report = new Report(withDefaults({}));
  try {
    const surroundings = withDefaults(options);
    report = new Report(surroundings);
    const { files, directory, clock } = surroundings;
    report.enter("DETECTING_FILES");
    look(files, directory);
    report.warn(...checkTrust(surroundings));
    using _lock = await takeLock(files, directory, clock);
    refuseUnfinished(files, directory);
    report.enter("LOADING_CONFIG");
    return await take(surroundings, report, given);
  } catch (error) {
    const { aborted, reason } = options.signal ?? new AbortController().signal;
    return report.failed(ProvisioningError.from(aborted ? reason : error));
  }
}

async function take(surroundings: Surroundings, report: Report, given: GivenCredentials): Promise<Outcome> {
  const { files, directory, strictFiles } = surroundings;
  const inputs = readInputs(files, directory, surroundings.credentialsDirectory);
  const { credentials } = inputs;
  report.warn(...inputs.warnings, ...connectionWarnings(credentials));
  const accessList = await readAccessList(files, directory);
  report.warn(...checkSuitability(files, directory, { strictFiles, accessList }));
  const endpoint = endpointOf(surroundings, credentials);
  const attemptId = randomUuid(surroundings.randomness);
  const candidate = candidateOf(given, inputs);
  report.about(attemptId, candidate.deviceName);
  const body = surroundings.noBody ? undefined : readBody(files, surroundings.bodyFile);
  const journal = fileJournal(surroundings, credentials.host);
  const task: Task = { surroundings, report, credentials, endpoint, journal, attemptId, body, accessList };
  const proof = await proveOnce(task, candidate);
  if (proof === undefined) {
    const where = `${endpoint.host}:${endpoint.port}`;
    const message = `${where} does not accept the credentials that were given; nothing was changed`;
    throw new ProvisioningError("GIVEN_CREDENTIALS_REFUSED", message);
  }
  return save(task, inputs, proof);
}

/** The name is in the configuration for people and other programs, so there must be one. */
function candidateOf({ credentials, deviceName }: GivenCredentials, inputs: Inputs): Candidate {
  const { naming } = inputs.credentials;
  const name = deviceName ?? (naming.kind === "fixed" ? naming.name : undefined);
  if (name === undefined || !isDeviceName(name)) {
    throw new ProvisioningError(
      "GIVEN_CREDENTIALS_INVALID",
      "nothing says what the device is called on the server: name it with --device-name, or in the file as device_name",
    );
  }
  return { origin: "received", credentials, deviceName: name, deviceId: null };
}

function save(task: Task, inputs: Inputs, proof: Proof): Outcome {
  const known = knownAtStart(task.surroundings, inputs, emptyJournal);
  const { configured, configuredHere } = known;
  if (
    configuredHere &&
    configured !== undefined &&
    !sameCredentials(configured.credentials, proof.candidate.credentials)
  ) {
    const former = configured.deviceName || "one without a name";
    task.report.warn(
      warning("DEVICE_LEFT_BEHIND", `It is ${former} on ${configured.host}: other credentials were given.`),
    );
  }
  // What was refused before left no trace; from here on the status file tells of these credentials.
  task.report.lockTaken();
  return saveNew(task, known, proof, true);
}
