import type { Event } from "../../flow/accept.ts";
import { type ErrorCode, ProvisioningError } from "../../model/errors.ts";
import type { Intent, Journal, Received } from "../../model/journal.ts";
import { setbackOf } from "../../run/failures.ts";
import type { Task } from "../../run/task.ts";
import type { Try } from "../../run/tries.ts";
import type { DeviceApi } from "./device-api.ts";

/** Where and how a station makes devices over REST. */
export interface Registry {
  readonly api: DeviceApi;
  /** Undefined: the tenant's default profile. */
  readonly profileId: string | undefined;
}

/** ThingsBoard's error code of the tenant's limit of devices. */
const limitReached = 41;

/**
 * Makes the device over REST with the secret that stands in the ledger. It is the same question as a camera's request,
 * and the judgement hears the same of it: granted, ended, or nothing that can be believed.
 */
export async function register(
  { api, profileId }: Registry,
  task: Task,
  intent: Intent,
  label: string | null,
  { received }: Journal,
  present: Try,
): Promise<Event> {
  task.report.enter("CONNECTING");
  try {
    const { deviceName: name, credentials } = intent;
    const made = await api.create({ name, label, credentials }, profileId, present.signal);
    task.report.enter("VALIDATING_RESPONSE");
    const deviceId = made.answer === "created" ? made.deviceId : await ownDevice(api, intent, present);
    if (deviceId === undefined && made.answer === "refused")
      return setbackOf(task, present, judged(made, name), "lost");
    if (deviceId === undefined) throw new ProvisioningError("INTERNAL", "a device was made without an id");
    await api.tellId(deviceId, present.signal);
    const answer: Received = {
      number: (received.at(-1)?.number ?? 0) + 1,
      attemptId: intent.attemptId,
      deviceName: name,
      deviceId,
      credentials,
      receivedAt: task.surroundings.clock.now(),
      contradicts: null,
    };
    return { event: "granted", received: await task.journal.writeReceived(answer) };
  } catch (error) {
    return setbackOf(task, present, error, "lost");
  }
}

/**
 * Looks for the device of an intent before anybody logs in as it: what the server does not know need not be tried, and
 * refused logins are counted against the station. Undefined: it is there, and ours.
 */
export async function lookUp({ api }: Registry, task: Task, intent: Intent, present: Try): Promise<Event | undefined> {
  try {
    task.report.enter("CONNECTING");
    const deviceId = await ownDevice(api, intent, present);
    if (deviceId === undefined) return { event: "probe-refused" };
    await api.tellId(deviceId, present.signal);
    return undefined;
  } catch (error) {
    return setbackOf(task, present, error, "probe-unanswered");
  }
}

/** The id of our device; undefined where there is none of the name. */
async function ownDevice(api: DeviceApi, intent: Intent, { signal }: Try): Promise<string | undefined> {
  const deviceId = await api.deviceId(intent.deviceName, signal);
  if (deviceId === undefined || (await api.hasCredentials(deviceId, intent.credentials, signal))) return deviceId;
  throw new ProvisioningError(
    "DEVICE_CONFLICT",
    `the server has a device ${intent.deviceName} already, with other credentials; nothing was changed`,
  );
}

/** The server refused, and there is no device of the name. */
function judged({ errorCode, message }: { errorCode: number; message: string }, name: string): ProvisioningError {
  const said = message === "" ? `error ${errorCode}` : message;
  const isTaken = /already assigned/i.test(message);
  const code: ErrorCode =
    errorCode === limitReached ? "DEVICE_LIMIT_REACHED" : isTaken ? "DEVICE_CONFLICT" : "API_REFUSED";
  return new ProvisioningError(code, `the server does not make the device ${name}: ${said}`);
}
