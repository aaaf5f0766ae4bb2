import { join } from "node:path";
import { randomText } from "../base/randomness.ts";
import { createOnce } from "../files/disk/durable-files.ts";
import type { FileSystem } from "../files/disk/file-system.ts";
import { privateRights } from "../files/disk/rights.ts";
import { generateCredentials, secretsIn, textsOf } from "../model/credentials.ts";
import { ProvisioningError } from "../model/errors.ts";
import type { ProvisioningCredentials } from "../model/provisioning-credentials.ts";
import { deviceType } from "../model/provisioning-request.ts";
import type { ConfiguredCredentials } from "../model/thermal-config.ts";
import { endpointFor } from "../run/client-certificate.ts";
import { DeviceSession } from "../transport/device-session.ts";
import { ask } from "../transport/provision-session.ts";
import { decodeDeviceIdMessage, encodeDeviceIdRequest } from "../wire/device-id-attribute.ts";
import { loginOf, provisionLogin } from "../wire/login.ts";
import { encodeRequest } from "../wire/provision-request.ts";
import { decodeResponse } from "../wire/provision-response.ts";
import { shortTopics, topics } from "../wire/topics.ts";
import { attempt, attemptLater } from "./attempt.ts";
import { type CheckLine, failed, noticed, ok, skipped } from "./line.ts";
import { limited, lookingTools, type Way } from "./network.ts";

/** One character more than the column of every recorded version holds (docs/thingsboard-protocol.md). */
const tooLong = 256;

const name = "key and secret";

interface Folder {
  readonly files: FileSystem;
  readonly directory: string;
}

/**
 * Whether the server knows key and secret, without making a device: it looks at them first, and then fails at a name
 * that is too long to be stored (recordings `device-name-256`, `wrong-secret`).
 */
export async function askServer(
  way: Way,
  { provisionDeviceKey, provisionDeviceSecret }: ProvisioningCredentials,
  { files, directory }: Folder,
): Promise<CheckLine> {
  const credentials = generateCredentials("ACCESS_TOKEN", way.randomness);
  const deviceName = randomText(way.randomness, "abcdefghijklmnopqrstuvwxyz", tooLong);
  const createdAt = way.clock.now();
  const request = {
    deviceName,
    deviceType,
    provisionDeviceKey,
    provisionDeviceSecret,
    credentials,
    createdAt,
  } as const;
  const asked = await attemptLater(() =>
    limited(way, async (signal) => {
      const link = await way.connect(way.asking, signal);
      const question = {
        login: provisionLogin,
        topic: topics.provisionRequest,
        payload: encodeRequest(request),
        answerTopic: topics.provisionResponse,
      };
      return ask(link, question, way.clock, signal, () => {});
    }),
  );
  if ("problem" in asked) return failed("server", name, await explained(way, asked.problem));
  const secrets = [provisionDeviceKey, provisionDeviceSecret, ...secretsIn(credentials)];
  const answer = decodeResponse(asked.value, deviceName, createdAt, secrets);
  if ("code" in answer) {
    return failed("server", name, new ProvisioningError(answer.code, `the answer is not usable: ${answer.reason}`));
  }
  if (answer.status === "SUCCESS") return madeADevice(deviceName, textsOf(answer.credentials), { files, directory });
  const { meaning, errorMessage } = answer;
  if (meaning === "FAILURE") return ok("server", name, "are known there; the name was refused, as it was meant to be");
  const said = errorMessage === "" ? "" : ` (${errorMessage})`;
  return failed(
    "server",
    name,
    new ProvisioningError(
      "PROVISION_DATA_NOT_FOUND",
      `the server does not know this provision key with this secret${said}`,
    ),
  );
}

/** Who accepts a session and does not answer may be a broker that lets everybody in: that shows as it does after a run. */
async function explained(way: Way, problem: ProvisioningError): Promise<ProvisioningError> {
  const isSilent = problem.errorCode === "NO_ANSWER";
  const asIfProved = isSilent ? new ProvisioningError("CREDENTIALS_UNPROVEN", problem.message) : problem;
  const found = await way.diagnose(way.endpoint, asIfProved, lookingTools(way));
  return found.errorCode === "CREDENTIALS_UNPROVEN" ? problem : found;
}

/** No recorded server does this. The device's credentials are said once: they are kept, for the person who deletes it. */
function madeADevice(deviceName: string, credentials: object, { files, directory }: Folder): CheckLine {
  const path = join(directory, `check-made-${deviceName.slice(0, 8)}.json`);
  const text = `${JSON.stringify({ device_name: deviceName, ...credentials }, null, 2)}\n`;
  const rights = { rights: privateRights, withoutLinks: "exclusive" } as const;
  const kept = attempt(() => createOnce(files, path, Buffer.from(text), rights), `writing ${path}`);
  const isKept = "value" in kept && kept.value === "created";
  const where = isKept ? `its credentials are in ${path}` : "its credentials could not be kept";
  const message = `the server made a device whose name has 256 characters, which no recorded version does; ${where}`;
  const line = failed("server", name, new ProvisioningError("REPLY_MALFORMED", message));
  return { ...line, remedy: `on the server: delete the device ${deviceName}` };
}

/** Whether the camera's own credentials are accepted and answered. A second session ends the camera's own. */
export async function tryCredentials(
  way: Way,
  configured: ConfiguredCredentials | undefined,
  folder: Folder,
): Promise<CheckLine> {
  if (configured === undefined) return skipped("server", "credentials", "thermal_config.json holds none");
  const tried = await attemptLater(() => limited(way, (signal) => proved(way, configured, folder, signal)));
  if ("problem" in tried) return failed("server", "credentials", tried.problem);
  if (tried.value === "refused") {
    const message = "the server refused the credentials in thermal_config.json";
    return failed("server", "credentials", new ProvisioningError("CREDENTIALS_NOT_ACCEPTED", message));
  }
  if (tried.value === "silent") {
    return noticed(
      "server",
      "credentials",
      "were accepted, but the attribute request was not answered as ThingsBoard does",
      "See thermal-provision explain CREDENTIALS_UNPROVEN",
    );
  }
  return ok("server", "credentials", "were accepted, and the attribute request was answered");
}

async function proved(
  way: Way,
  { credentials }: ConfiguredCredentials,
  folder: Folder,
  signal: AbortSignal,
): Promise<"answered" | "refused" | "silent"> {
  const link = await way.connect(endpointFor(folder, way.endpoint, credentials), signal);
  const publish = { topic: shortTopics.request(1), payload: encodeDeviceIdRequest() };
  const opening = { login: loginOf(credentials), subscriptions: shortTopics.subscriptions, publish };
  const session = await DeviceSession.open(link, opening, way.clock, signal);
  if (session === "refused") return "refused";
  using opened = session;
  for (;;) {
    const heard = await attemptLater(() => opened.nextMessage(signal));
    if ("problem" in heard) return "silent";
    if (decodeDeviceIdMessage(heard.value.topic, heard.value.payload)?.isAnswer === true) return "answered";
  }
}
