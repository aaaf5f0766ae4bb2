import { Secret } from "./base/secret.ts";
import { isLocked } from "./files/disk/lock.ts";
import { readAccessList } from "./files/disk/rights.ts";
import { readInputs } from "./files/inputs.ts";
import { checkSuitability } from "./files/suitability.ts";
import { nodeSystem } from "./files/system.ts";
import { changedConfig } from "./files/thermal-config-file.ts";
import { decide, type Step } from "./flow/decide.ts";
import { type Known, presentIntent } from "./flow/known.ts";
import type { Credentials } from "./model/credentials.ts";
import { generateDeviceName } from "./model/device-name.ts";
import { errorKind, ProvisioningError } from "./model/errors.ts";
import { emptyJournal, type Intent } from "./model/journal.ts";
import { hasNoKey, type ProvisioningCredentials } from "./model/provisioning-credentials.ts";
import type { ConfigChange, ConfiguredCredentials } from "./model/thermal-config.ts";
import type { Warning } from "./model/warnings.ts";
import { certificateWarnings, exampleCertificate } from "./run/client-certificate.ts";
import { connectionToWrite, endpointOf } from "./run/endpoint.ts";
import { fileJournal } from "./run/journal-port.ts";
import { checkTrust, connectionWarnings, knownAtStart, proxyWarnings } from "./run/load.ts";
import { lossWarnings } from "./run/lost-credentials.ts";
import type { ProvisionOptions } from "./run/provision-options.ts";
import { Report } from "./run/report.ts";
import { provisioningRequest } from "./run/steps/request.ts";
import { keyIn } from "./run/steps/save.ts";
import { type Surroundings, surroundings as withDefaults } from "./run/surroundings.ts";
import { survey } from "./run/survey.ts";
import { unfinishedElsewhere, warnOfUnfinished } from "./run/unfinished.ts";
import type { Endpoint } from "./transport/link.ts";
import { describeRequest } from "./wire/provision-request.ts";

/** What a run would do, found out without the server. */
export interface DryRun {
  /** Whether a run would do anything: there is a trigger, or unfinished work. */
  readonly triggered: boolean;
  /** Whether another run is at work in the folder right now. */
  readonly running: boolean;
  /** What a run does first: tidy up, ask about credentials, show a certificate that makes the device, or ask for one. */
  readonly firstStep: "finish" | "probe journal" | "probe configuration" | "show certificate" | "request";
  readonly warnings: readonly Warning[];
  readonly endpoint: Endpoint;
  /** Where it comes from that TLS is used, or is not; `port`: nothing says it. */
  readonly tlsFrom: ProvisioningCredentials["useSslFrom"];
  /** Where the device's name comes from; an example is made up each time. */
  readonly nameFrom: "journal" | "provision.json" | "configuration" | "example";
  readonly deviceName: string;
  /** The payload of the request, secrets masked; empty where there is no key any more to ask with. */
  readonly request: Readonly<Record<string, string>>;
  /** `thermal_config.json` as it is and as a success would leave it. The secrets that stand in it are in here. */
  readonly before: string;
  readonly after: string;
}

const mask = new Secret("[secret]");

const exampleId = "00000000-0000-4000-8000-000000000000";

/** Stand for those that a run would make, or has made. */
function masked(
  surroundings: Surroundings,
  { credentialsType, clientCertificate }: ProvisioningCredentials,
): Credentials {
  const type = credentialsType ?? "ACCESS_TOKEN";
  switch (type) {
    case "ACCESS_TOKEN":
      return { type, accessToken: mask };
    case "MQTT_BASIC":
      return { type, clientId: mask, userName: mask, password: mask };
    case "X509_CERTIFICATE":
      return exampleCertificate(surroundings, clientCertificate, exampleId);
  }
}

/**
 * Checks everything that can be checked without the server, and finds out what a run would ask and write. Nothing is
 * sent, and nothing stays on the disk: one file is made on trial and removed at once, for nothing else tells whether
 * the folder can be written.
 *
 * @throws ProvisioningError whatever would keep a run from asking the server
 */
export async function dryRun(options: ProvisionOptions = {}): Promise<DryRun> {
  const surroundings = withDefaults(options);
  const { files, directory, strictFiles } = surroundings;
  const found = survey(surroundings);
  const shared = checkTrust(surroundings);
  if (found.next === "stop") throw found.problem;
  const inputs = found.inputs ?? readInputs(files, directory, surroundings.credentialsDirectory);
  const { credentials, config, warnings } = inputs;
  const endpoint = endpointOf(surroundings, credentials);
  const accessList = await readAccessList(files, directory);
  // Asked about, and not opened for writing: the path unit takes the closing of a trigger that was open for writing for a
  // change, and starts a run.
  const whyLocked = (path: string) => nodeSystem.mayWrite(path);
  const fileWarnings = checkSuitability(files, directory, { strictFiles, accessList, whyLocked });
  const known = knownAtStart(surroundings, inputs, found.meant ?? emptyJournal);
  const journalled = presentIntent(known);
  const intent = journalled ?? exampleOf(surroundings, credentials);
  const report = new Report(surroundings);
  const journal = fileJournal(surroundings, credentials.host);
  const task = { surroundings, report, credentials, endpoint, journal, attemptId: intent.attemptId };
  const first = decide(known);
  if (first.do === "stop") throw new ProvisioningError(first.code, errorKind(first.code).meaning);
  const firstStep = found.next === "finish" ? "finish" : firstStepOf(first, known);
  const kept = firstStep === "probe configuration" || firstStep === "finish" ? config.configured : undefined;
  const nameFrom = kept ? "configuration" : credentials.naming.kind === "fixed" ? "provision.json" : "example";
  const change = changeFor(task, intent, kept);
  return {
    triggered: found.next !== "nothing" && found.next !== "tidy up",
    running: await isLocked(files, directory),
    firstStep,
    warnings: [
      ...lossWarnings(found.lost),
      ...shared,
      ...proxyWarnings(endpoint.proxy),
      ...certificateWarnings(surroundings, credentials.clientCertificate),
      ...warnings,
      ...connectionWarnings(credentials),
      ...fileWarnings,
      ...warnOfUnfinished(unfinishedElsewhere(found, credentials.host), { willLook: !surroundings.newIdentity }),
    ],
    endpoint,
    tlsFrom: credentials.useSslFrom,
    nameFrom: kept === undefined && journalled !== undefined ? "journal" : nameFrom,
    deviceName: kept?.deviceName ?? intent.deviceName,
    request: hasNoKey(credentials) ? {} : describeRequest(provisioningRequest(task, intent)),
    before: textOf(config.bytes),
    after: textOf(firstStep === "finish" ? config.bytes : changedConfig(config, change)),
  };
}

/** A name as a run would make one, and no secret: it is neither kept nor shown. */
function exampleOf(surroundings: Surroundings, credentials: ProvisioningCredentials): Intent {
  const { randomness, clock, newIdentity } = surroundings;
  const { naming, host } = credentials;
  return {
    number: 1,
    attemptId: exampleId,
    host,
    deviceName: naming.kind === "fixed" ? naming.name : generateDeviceName(naming.prefix, randomness),
    credentials: masked(surroundings, credentials),
    replaces: null,
    newIdentity,
    body: null,
    knownInAdvance: false,
    createdAt: clock.now(),
  };
}

function firstStepOf(step: Step, { isWithoutKey = false }: Known): DryRun["firstStep"] {
  if (step.do === "finish") return "finish";
  if (step.do !== "probe") return isWithoutKey ? "show certificate" : "request";
  return step.candidates.some(({ origin }) => origin === "configured") ? "probe configuration" : "probe journal";
}

/** What a success would write: new credentials, or those that are kept. */
function changeFor(
  {
    surroundings,
    credentials,
    endpoint,
  }: { surroundings: Surroundings; credentials: ProvisioningCredentials; endpoint: Endpoint },
  { deviceName, attemptId }: Intent,
  kept: ConfiguredCredentials | undefined,
): ConfigChange {
  return {
    deviceId: kept?.deviceId ?? null,
    ...(kept === undefined ? { deviceName } : {}),
    credentials: kept?.credentials ?? masked(surroundings, credentials),
    host: endpoint.host,
    serverPort: endpoint.port,
    useSsl: endpoint.tls !== undefined,
    connection: connectionToWrite(surroundings, credentials),
    provisionedAt: kept?.provisionedAt ?? surroundings.clock.now(),
    ...(hasNoKey(credentials)
      ? {}
      : {
          provisionedWith:
            kept === undefined
              ? credentials.provisionDeviceKey.saltedFingerprint(attemptId)
              : keyIn(kept, credentials.provisionDeviceKey, kept.attemptId ?? attemptId),
        }),
    attemptId: kept?.attemptId ?? attemptId,
  };
}

function textOf(bytes: Uint8Array | undefined): string {
  return new TextDecoder().decode(bytes);
}
