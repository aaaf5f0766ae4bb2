import type { Proof } from "../../flow/known.ts";
import type { ProvisioningCredentials } from "../../model/provisioning-credentials.ts";
import { Report } from "../../run/report.ts";
import { surroundings as withDefaults } from "../../run/surroundings.ts";
import type { Task } from "../../run/task.ts";
import { converse } from "../conversation.ts";
import type { CameraFiles } from "../folder/camera-folder.ts";
import type { StationServer } from "../folder/provision-file.ts";
import type { Claim } from "../ledger/claims.ts";
import { ledgerJournal } from "../ledger/ledger-journal.ts";
import type { LoginBudget } from "../pace/login-budget.ts";
import type { StationSetup } from "./station-options.ts";

/**
 * Provisions a claimed camera and writes its files. Nothing of it is in the ledger as proved yet: a station that dies
 * here is followed by one that proves it again and writes the same files.
 *
 * @throws ProvisioningError
 */
export async function provisionCamera(
  setup: StationSetup,
  claim: Claim,
  budget: LoginBudget,
  signal: AbortSignal,
): Promise<Proof> {
  const task = taskFor(setup, claim, signal);
  const { pace, registry } = setup;
  const proof = await converse({ task, label: claim.label, pace, budget, registry });
  signal.throwIfAborted();
  const files = cameraFiles(setup.server, proof, task.report.correlationId, setup);
  setup.folders?.write(claim.serial, files);
  return proof;
}

/** The name that the device gets, unless an earlier run has written down another one with its secret. */
export function deviceNameOf(claim: Claim, { deviceNamePrefix }: ProvisioningCredentials): string {
  return claim.deviceName ?? `${deviceNamePrefix}-${claim.serial}`;
}

function taskFor(setup: StationSetup, claim: Claim, signal: AbortSignal): Task {
  const { ledger, sealing, server, clock, randomness, files, connect } = setup;
  const surroundings = withDefaults({
    signal,
    clock,
    randomness,
    files,
    ...(connect === undefined ? {} : { connect }),
  });
  const report = new Report(surroundings);
  report.enter("DETECTING_FILES");
  report.enter("LOADING_CONFIG");
  const name = deviceNameOf(claim, server.credentials);
  return {
    surroundings,
    report,
    credentials: { ...server.credentials, naming: { kind: "fixed", name } },
    endpoint: server.endpoint,
    journal: ledgerJournal(ledger, sealing, claim, server.credentials.host),
    attemptId: report.newAttemptId,
  };
}

/** What the camera finds at its first start. */
export function cameraFiles(
  { credentials, endpoint, hasKey }: StationServer,
  { candidate, deviceId }: Proof,
  attemptId: string,
  { withProvisionJson, clock }: Pick<StationSetup, "withProvisionJson" | "clock">,
): CameraFiles {
  const { deviceName, credentials: login } = candidate;
  if (withProvisionJson && hasKey) {
    const provision = {
      serverUrl: credentials.serverUrl,
      serverPort: credentials.serverPort,
      useSsl: credentials.useSsl,
      key: credentials.provisionDeviceKey,
      secret: credentials.provisionDeviceSecret,
      deviceName,
      credentials: login,
    };
    return { provision };
  }
  const change = {
    deviceId,
    deviceName,
    credentials: login,
    host: endpoint.host,
    serverPort: endpoint.port,
    useSsl: endpoint.tls !== undefined,
    provisionedAt: clock.now(),
    ...(hasKey ? { provisionedWith: credentials.provisionDeviceKey.saltedFingerprint(attemptId) } : {}),
    attemptId,
  };
  return { change };
}
