import type { Secret } from "../../base/secret.ts";
import type { Event } from "../../flow/accept.ts";
import type { Step } from "../../flow/decide.ts";
import { fingerprintOf, sameCredentials, secretsIn } from "../../model/credentials.ts";
import { ProvisioningError } from "../../model/errors.ts";
import type { Intent, Journal, Received } from "../../model/journal.ts";
import { deviceType, ProvisioningRequest } from "../../model/provisioning-request.ts";
import {
  type Grant,
  hasBase64Token,
  type ProvisioningResponse,
  type Refusal,
} from "../../model/provisioning-response.ts";
import { unknownServer } from "../../model/server-identity.ts";
import { warning } from "../../model/warnings.ts";
import type { Link } from "../../transport/link.ts";
import { provisionLogin } from "../../wire/login.ts";
import { encodeRequest } from "../../wire/provision-request.ts";
import { decodeResponse } from "../../wire/provision-response.ts";
import { topics } from "../../wire/topics.ts";
import { endpointToAsk } from "../client-certificate.ts";
import { setbackOf, soonAfterTheAnswer } from "../failures.ts";
import type { Report } from "../report.ts";
import type { Task } from "../task.ts";
import type { Try } from "../tries.ts";
import { answerOrProof } from "./early-probe.ts";

type Question = Omit<Extract<Step, { do: "request" }>, "do">;

/**
 * Asks the server once for `intent`, and writes down what a SUCCESS says before anything else is done with it, behind
 * the answers that `journal` holds.
 */
export async function request(task: Task, question: Question, present: Try, { received }: Journal): Promise<Event> {
  const { surroundings, report, endpoint, journal } = task;
  const { intent, proved } = question;
  const { clock, connect } = surroundings;
  const asked = provisioningRequest(task, intent);
  const payload = encodeRequest(asked);
  const { deviceName } = intent;
  await journal.reserveReceived();
  report.enter("CONNECTING");
  let sent = false;
  try {
    // Loaded on its first use, like the connection itself: a run with nothing to do needs no MQTT.
    const { ask } = await import("../../transport/provision-session.ts");
    const openAhead = (address?: string) => {
      if (proved === undefined) present.openSpare(intent.credentials, address);
    };
    // Not with a certificate: a server that makes devices out of chains would make one in that handshake, and nothing is
    // noted yet.
    const reached = intent.credentials.type === "X509_CERTIFICATE" ? undefined : openAhead;
    const link = await connect(endpointToAsk(surroundings, endpoint, intent.credentials), present.signal, reached);
    report.warn(...(link.warnings ?? []));
    await noteServer(task, intent, link);
    report.enter("SENDING_REQUEST");
    const asking = {
      login: provisionLogin,
      topic: topics.provisionRequest,
      payload,
      answerTopic: topics.provisionResponse,
    };
    const heard = await answerOrProof(task, intent, present, (signal, probeEarly) =>
      ask(link, asking, clock, signal, () => {
        sent = true;
        surroundings.onExchange({ kind: "request", deviceName, createdAt: asked.createdAt });
        report.enter("WAITING_RESPONSE");
        openAhead();
        if (proved === undefined) probeEarly();
      }),
    );
    report.enter("VALIDATING_RESPONSE");
    if ("candidate" in heard) return { event: "proved-early", proof: heard };
    const response = decodeResponse(heard, intent.deviceName, clock.now(), secretsOf(task, intent), intent.credentials);
    if ("code" in response)
      throw new ProvisioningError(response.code, `the server's answer is not usable: ${response.reason}`);
    const number = (received.at(-1)?.number ?? 0) + 1;
    const event = await weigh(task, question, response, number);
    // Behind the record: what the server said may be said once, and nobody else comes before it.
    surroundings.onExchange({ kind: "response", deviceName, ...whatCame(response) });
    return event;
  } catch (error) {
    return await setbackOf(task, present, error, sent ? "lost" : "unreachable");
  }
}

/** Before the first byte goes out: an intent without such a note was never sent. */
async function noteServer({ journal, surroundings }: Task, { attemptId }: Intent, link: Link): Promise<void> {
  try {
    await journal.writeSent({ attemptId, sentAt: surroundings.clock.now(), ...(link.server ?? unknownServer) });
  } catch (error) {
    link.close();
    throw error;
  }
}

function whatCame(response: ProvisioningResponse): { status: string; receivedAt: Date } {
  const { receivedAt } = response;
  return { status: response.status === "SUCCESS" ? response.status : response.errorCode, receivedAt };
}

/** The request as a checked value: what is journalled is what the specification allows. */
export function provisioningRequest({ credentials, surroundings }: Task, intent: Intent): ProvisioningRequest {
  const checked = ProvisioningRequest(
    {
      deviceName: intent.deviceName,
      deviceType,
      provisionDeviceKey: credentials.provisionDeviceKey,
      provisionDeviceSecret: credentials.provisionDeviceSecret,
      credentials: intent.credentials,
      createdAt: surroundings.clock.now(),
    },
    credentials.naming,
  );
  if (!checked.ok) throw new ProvisioningError("INTERNAL", "a request was made that the specification does not allow");
  return checked.value;
}

/**
 * SUCCESS goes into the journal; NOT_FOUND is for a person; FAILURE may be anything, a probe will tell. The switches are
 * complete: a new status or kind of refusal does not compile until it is said here what it means.
 */
async function weigh(task: Task, question: Question, response: ProvisioningResponse, number: number): Promise<Event> {
  switch (response.status) {
    case "SUCCESS":
      return await granted(task, question, response, number);
    case "FAILURE":
      return refused(task, response);
  }
}

async function granted(
  { journal, report }: Task,
  { intent: { attemptId }, proved }: Question,
  response: Grant,
  number: number,
): Promise<Event> {
  const { deviceName, deviceId, credentials, receivedAt } = response;
  const isOther = proved !== undefined && !sameCredentials(proved, credentials);
  const contradicts = isOther ? fingerprintOf(proved) : null;
  const answer: Received = { number, attemptId, deviceName, deviceId, credentials, receivedAt, contradicts };
  const received = await soonAfterTheAnswer(() => journal.writeReceived(answer));
  if (!hasBase64Token(credentials)) report.warn(warning("TOKEN_NOT_BASE64"));
  return { event: "granted", received };
}

function refused({ report }: Task, response: Refusal): Event {
  const said = report.serverSaid(response);
  switch (response.meaning) {
    case "FAILURE":
      report.setback(
        new ProvisioningError(
          "REFUSAL_UNCONFIRMED",
          `the server answered FAILURE once; the camera asks a second time before it takes that as final${said}`,
        ),
      );
      return { event: "failure" };
    case "NOT_FOUND":
      return unknownKey(report, `the server does not know this provision key with this secret (NOT_FOUND)${said}`);
    case "UNAUTHORIZED":
      return unknownKey(report, `the server does not accept this provision key and secret${said}`);
  }
}

function unknownKey(report: Report, message: string): Event {
  return { event: "ended", code: report.setback(new ProvisioningError("PROVISION_DATA_NOT_FOUND", message)) };
}

/** What a server may know of us, and must not tell others by our logs. */
function secretsOf({ credentials }: Task, intent: Intent): readonly Secret[] {
  return [credentials.provisionDeviceKey, credentials.provisionDeviceSecret, ...secretsIn(intent.credentials)];
}
