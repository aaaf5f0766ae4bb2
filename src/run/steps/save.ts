import type { Secret } from "../../base/secret.ts";
import { type Committed, closeJournal, commit, fillIn, finishCommit } from "../../files/commit.ts";
import { setAside } from "../../files/journal/journal.ts";
import { holdsAnything, type Known, type Proof } from "../../flow/known.ts";
import { provesSecret } from "../../model/credentials.ts";
import { DeviceCredentials } from "../../model/device-credentials.ts";
import { isDeviceName } from "../../model/device-name.ts";
import { type ErrorCode, ProvisioningError } from "../../model/errors.ts";
import type { Outcome } from "../../model/outcome.ts";
import { problemInWords } from "../../model/problem.ts";
import { hasNoKey } from "../../model/provisioning-credentials.ts";
import type { ConfigChange, ConfiguredCredentials } from "../../model/thermal-config.ts";
import { type Warning, warning } from "../../model/warnings.ts";
import { connectionToWrite } from "../endpoint.ts";
import { afterTheAnswer } from "../failures.ts";
import type { Report } from "../report.ts";
import type { Surroundings } from "../surroundings.ts";
import type { CommittedWork } from "../survey.ts";
import type { Task } from "../task.ts";
import { closingWarnings } from "./closing-warnings.ts";
import { replacements } from "./write-intent.ts";

/** Writes the proved credentials into `thermal_config.json` and tidies up; the order is in files/commit.ts. */
export function saveNew(task: Task, known: Known, proof: Proof, certain: boolean): Outcome {
  const { surroundings, report, credentials } = task;
  const { files, directory, clock } = surroundings;
  // Again: an intent from an earlier run may predate the credentials that are replaced now.
  report.warn(...replacements(task, known));
  if (!certain) report.warn(warning("NAME_UNCERTAIN", `${proof.candidate.deviceName} was written.`));
  report.warn(...openClaim(task, known, proof));
  if (proof.deviceId === null) report.warn(warning("NO_DEVICE_ID"));
  if (!provesSecret(proof.candidate.credentials)) report.warn(warning("LOGIN_WITHOUT_SECRET"));
  report.enter("UPDATING_CONFIG");
  const written = checked({
    deviceId: proof.deviceId,
    deviceName: proof.candidate.deviceName,
    credentials: proof.candidate.credentials,
    ...server(task),
    provisionedAt: clock.now(),
  });
  const attemptId = known.journal.intents.at(-1)?.attemptId ?? task.attemptId;
  const key = credentials.provisionDeviceKey;
  const isWith = credentials.isWithoutKey === true ? {} : { provisionedWith: key.saltedFingerprint(attemptId) };
  const connection = connectionToWrite(surroundings, credentials);
  const change = { ...written, connection, ...isWith, attemptId, ...bodyNow(task, known.configured) };
  const { backup } = settle(report, () =>
    commit(files, directory, { change, host: credentials.host, now: clock.now(), accessList: task.accessList }),
  );
  report.warn(...closingWarnings(surroundings, written));
  return report.provisioned(written, { isNew: backup === undefined });
}

/** Why the server has not confirmed the name of credentials known in advance, where it has not. */
function openClaim({ report, credentials }: Task, { run }: Known, { candidate, deviceId }: Proof): readonly Warning[] {
  if (candidate.origin !== "known in advance" || run.claim === "made" || credentials.isWithoutKey === true) return [];
  const why = run.claim === "open" ? [whyOpen(report, run.setback)] : [];
  const whose = deviceId === null ? [] : [`The server says that the device's id is ${deviceId}.`];
  return [warning("CLAIM_OPEN", [...why, ...whose].join(" ") || undefined)];
}

function whyOpen(report: Report, setback: ErrorCode): string {
  if (setback !== "REFUSAL_UNCONFIRMED") return `The claim failed: ${report.errorFor(setback).message}.`;
  return `The server answered the claim with FAILURE${report.said}. The device is claimed already, perhaps by this camera; or its profile creates devices, and there is nothing to claim; or no device has this name.`;
}

/**
 * The credentials that were there already work: fills in what they lack, and renames the trigger. The device's name is
 * not in them: somebody may have changed or removed it, and what it is on the server is not known.
 */
export function confirmExisting(task: Task, known: Known, configured: ConfiguredCredentials, proof: Proof): Outcome {
  const { surroundings, report, credentials } = task;
  const { files, directory, clock } = surroundings;
  const kept = {
    deviceId: proof.deviceId ?? configured.deviceId,
    credentials: configured.credentials,
    ...server(task),
    provisionedAt: configured.provisionedAt ?? clock.now(),
  };
  if (!isDeviceName(configured.deviceName)) report.warn(warning("NO_DEVICE_NAME"));
  if (kept.deviceId === null) report.warn(warning("NO_DEVICE_ID"));
  if (holdsAnything(known.journal)) {
    const place = setAside(files, directory, credentials.host, clock.now());
    if (place !== undefined) report.warn(warning("INTENT_SET_ASIDE", `It is in ${place} now.`));
  }
  const attemptId = configured.attemptId ?? task.attemptId;
  const change = {
    ...kept,
    connection: connectionToWrite(surroundings, credentials),
    ...(hasNoKey(credentials) ? {} : { provisionedWith: keyIn(configured, credentials.provisionDeviceKey, attemptId) }),
    attemptId,
    ...(task.body === undefined ? {} : { body: task.body }),
  };
  report.about(change.attemptId, configured.deviceName);
  if (lacksSomething(configured, change)) report.enter("UPDATING_CONFIG");
  settle(report, () =>
    fillIn(files, directory, { change, host: credentials.host, now: clock.now(), accessList: task.accessList }),
  );
  report.warn(...closingWarnings(surroundings, kept));
  return report.alreadyProvisioned({ ...kept, deviceName: configured.deviceName });
}

/** The configuration is written already: syncs it once more and tidies up. Nobody is asked. */
export function finishInterrupted(
  { files, directory, clock }: Surroundings,
  report: Report,
  work: CommittedWork,
): Outcome {
  const { host, configured } = work;
  report.about(configured.attemptId ?? report.correlationId, configured.deviceName);
  report.enter("UPDATING_CONFIG");
  settle(report, () => finishCommit(files, directory, { host, now: clock.now() }));
  const found = {
    ...configured,
    serverPort: configured.serverPort ?? 0,
    useSsl: configured.useSsl ?? false,
    provisionedAt: configured.provisionedAt ?? clock.now(),
  };
  // Whether the interrupted run made the file is not known any more.
  return report.provisioned(found, { isNew: false });
}

/**
 * The configuration is written already, and since then the camera was sent elsewhere: what was begun ends here, and the
 * trigger stays for the new order.
 */
export function closeSuperseded(
  { files, directory, clock }: Surroundings,
  report: Report,
  { host }: CommittedWork,
): void {
  settle(report, () => closeJournal(files, directory, { host, now: clock.now() }));
}

function settle(report: Report, save: () => Committed): Committed {
  const committed = afterTheAnswer(save);
  report.warn(...committed.warnings);
  return committed;
}

function server({ endpoint }: Task) {
  return { host: endpoint.host, serverPort: endpoint.port, useSsl: endpoint.tls !== undefined };
}

/** Which board the configuration is to name: this one; none where that is not known any more. */
function bodyNow({ body }: Task, configured: ConfiguredCredentials | undefined): Pick<ConfigChange, "body"> {
  if (body !== undefined) return { body };
  return typeof configured?.body === "string" ? { body: null } : {};
}

/** What tells the provisioning key: what is there already, where it is of this key. */
export function keyIn({ provisionedWith }: ConfiguredCredentials, key: Secret, attemptId: string): string {
  const isThere = provisionedWith !== null && key.hasFingerprint(provisionedWith);
  return isThere ? provisionedWith : key.saltedFingerprint(attemptId);
}

function lacksSomething(
  configured: ConfiguredCredentials,
  { body = configured.body, ...kept }: Pick<ConfigChange, "deviceId" | "serverPort" | "useSsl" | "body">,
): boolean {
  const { deviceId, serverPort, useSsl } = configured;
  const isAsWas = deviceId === kept.deviceId && serverPort === kept.serverPort && useSsl === kept.useSsl;
  return !isAsWas || configured.body !== body;
}

function checked(input: DeviceCredentials): DeviceCredentials {
  const result = DeviceCredentials(input);
  if (result.ok) return result.value;
  const problems = result.problems.map((problem) => problemInWords(problem)).join("; ");
  throw new ProvisioningError("INTERNAL", `credentials that the specification does not allow: ${problems}`);
}
