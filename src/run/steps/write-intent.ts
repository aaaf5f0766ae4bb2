import type { Event } from "../../flow/accept.ts";
import type { Step } from "../../flow/decide.ts";
import { isKnownInAdvance, type Known } from "../../flow/known.ts";
import { fingerprintOf } from "../../model/credentials.ts";
import { generateDeviceName } from "../../model/device-name.ts";
import { attemptIdOf, type Intent } from "../../model/journal.ts";
import { type Warning, warning } from "../../model/warnings.ts";
import { ownCredentials } from "../client-certificate.ts";
import type { Task } from "../task.ts";

/** Makes a name, and credentials where there are none yet, and writes both down durably before anything is sent. */
export async function writeIntent(
  task: Task,
  { number, credentials: offered }: Extract<Step, { do: "write-intent" }>,
  known: Known,
): Promise<Event> {
  const { surroundings, report, credentials } = task;
  // That of the journal, which may have come from another run, or from another name of the server.
  const attemptId = attemptIdOf(known.journal) ?? task.attemptId;
  const { clock, randomness, newIdentity } = surroundings;
  const { naming, host } = credentials;
  report.warn(...replacements(task, known));
  const intent: Intent = {
    number,
    attemptId,
    host,
    deviceName: naming.kind === "fixed" ? naming.name : generateDeviceName(naming.prefix, randomness),
    credentials: offered ?? (await ownCredentials(task)),
    replaces: known.configured === undefined ? null : fingerprintOf(known.configured.credentials),
    newIdentity,
    createdAt: clock.now(),
    body: task.body ?? null,
    knownInAdvance: offered !== undefined && isKnownInAdvance(known, offered),
  };
  if ((await task.journal.writeIntent(intent)) === "written") {
    report.about(attemptId, intent.deviceName);
    return { event: "intent-written", intent };
  }
  // Another run was faster, although the lock should have kept it away: its intent counts, ours was never sent.
  const { warnings, ...journal } = await task.journal.read();
  report.warn(...warnings);
  const first = journal.intents.at(-1);
  if (first !== undefined) report.about(first.attemptId, first.deviceName);
  return { event: "journal-read", journal };
}

/** What becomes of the credentials that the configuration holds: an operator who sees a new device looks for the old. */
export function replacements(
  { surroundings, credentials }: Task,
  { run, configured, configuredHere }: Known,
): Warning[] {
  if (configured === undefined) return [];
  if (run.existing === "refused") return [warning("CREDENTIALS_REPLACED")];
  const why = surroundings.newIdentity
    ? "a new identity was asked for"
    : configured.host === credentials.host
      ? "provision.json has another provisioning key"
      : `provision.json names the server ${credentials.host}`;
  const leftBehind = warning(
    "DEVICE_LEFT_BEHIND",
    `It is ${configured.deviceName || "one without a name"} on ${configured.host}: ${why}.`,
  );
  return configuredHere && !surroundings.newIdentity ? [] : [leftBehind];
}
