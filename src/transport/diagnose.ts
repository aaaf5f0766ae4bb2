import { deadline } from "../base/clock.ts";
import { ProvisioningError } from "../model/errors.ts";
import { type Login, provisionLogin } from "../wire/login.ts";
import { connect } from "./connect.ts";
import type { Diagnose, Endpoint, Link, LookingTools } from "./link.ts";
import { connectPacket, MqttSession, Silence, tlsExpected } from "./mqtt-session.ts";
import { type Service, whatAnswers } from "./what-answers.ts";

export const diagnose: Diagnose = async (endpoint, error, tools) => {
  switch (error.errorCode) {
    case "NOTHING_HEARD":
      return endpoint.tls === undefined
        ? ((await tlsInstead(endpoint, error, tools)) ?? error)
        : plainInstead(endpoint, error, tools);
    case "TLS_NOT_SPOKEN":
    case "TLS_STALLED":
      return plainInstead(endpoint, error, tools);
    case "NO_ANSWER":
      if (!(error.cause instanceof Silence) || error.cause.since === "after the login") return error;
      return (await tlsInstead(endpoint, error, tools)) ?? (await webServerInstead(endpoint, error, tools)) ?? error;
    case "CREDENTIALS_UNPROVEN":
      return brokerInstead(endpoint, error, tools);
    default:
      return error;
  }
};

/** What a TLS client meets where TLS may not be spoken; every other complaint about TLS shows that it is. */
const notTls: readonly string[] = ["TLS_NOT_SPOKEN", "TLS_STALLED", "TLS_FAILED"];

/** Whether a plain text endpoint speaks TLS: it is greeted with nothing but the beginning of a handshake. */
async function tlsInstead(
  endpoint: Endpoint,
  error: ProvisioningError,
  tools: LookingTools,
): Promise<ProvisioningError | undefined> {
  if (endpoint.tls !== undefined) return undefined;
  const { host } = endpoint;
  try {
    const link = await within(tools, (signal) => connect({ ...endpoint, tls: {} }, signal));
    link.close();
  } catch (found) {
    const code = ProvisioningError.is(found) ? found.errorCode : "";
    if (!code.startsWith("TLS_") || notTls.includes(code)) return undefined;
  }
  const write = `write "use_ssl": true, with server_url "${host}" and server_port ${endpoint.port}`;
  return insteadOf(error, "TLS_EXPECTED", `${tlsExpected}: ${write}`);
}

/** What speaks plain text where TLS was asked for. */
async function plainInstead(
  endpoint: Endpoint,
  error: ProvisioningError,
  tools: LookingTools,
): Promise<ProvisioningError> {
  const { tls: _, ...plain } = endpoint;
  const { host, port } = plain;
  if ((await loginCode(plain, provisionLogin, tools)) !== undefined) {
    const write = `write "use_ssl": false, with server_url "${host}" and server_port ${port}; or take the server's TLS port`;
    return insteadOf(error, "TLS_NOT_SPOKEN", `the port speaks MQTT in plain text, and TLS was asked for: ${write}`);
  }
  const service = await serviceAt(plain, tools);
  if (service === undefined || service === "TLS") return error;
  return insteadOf(error, "TLS_NOT_SPOKEN", `what answers there is ${service}, in plain text: neither TLS nor MQTT`);
}

async function webServerInstead(
  endpoint: Endpoint,
  error: ProvisioningError,
  tools: LookingTools,
): Promise<ProvisioningError | undefined> {
  const service = await serviceAt(endpoint, tools);
  if (service === undefined || service === "TLS") return undefined;
  return insteadOf(error, "NOT_MQTT", `what answers there is ${service}, not MQTT`);
}

/** A server that lets an unknown user in lets everybody in: that is not ThingsBoard. */
async function brokerInstead(
  endpoint: Endpoint,
  error: ProvisioningError,
  tools: LookingTools,
): Promise<ProvisioningError> {
  if ((await loginCode(endpoint, { clientId: "", userName: tools.unknownToken }, tools)) !== 0) return error;
  return insteadOf(
    error,
    "NOT_THINGSBOARD",
    "an MQTT broker answered that is not ThingsBoard: it lets everybody in, and does not answer",
  );
}

/** The answer to a login; undefined where none comes. */
function loginCode(endpoint: Endpoint, login: Login, tools: LookingTools): Promise<number | undefined> {
  return onALink(endpoint, tools, async (link, signal) => {
    const session = new MqttSession(link, tools.clock);
    session.send(connectPacket(login));
    return session.receiveConnack(signal);
  });
}

/** What a web server or another service answers to the shortest question of HTTP. */
function serviceAt(endpoint: Endpoint, tools: LookingTools): Promise<Service | undefined> {
  return onALink(endpoint, tools, async (link, signal) => {
    link.write(Buffer.from("HEAD / HTTP/1.0\r\n\r\n"));
    const bytes = await link.read(signal);
    return bytes === undefined ? undefined : whatAnswers(bytes);
  });
}

/** What `ask` learns on a connection of its own; undefined where it fails. */
async function onALink<Answer>(
  endpoint: Endpoint,
  tools: LookingTools,
  ask: (link: Link, signal: AbortSignal) => Promise<Answer | undefined>,
): Promise<Answer | undefined> {
  try {
    return await within(tools, async (signal) => {
      const link = await connect(endpoint, signal);
      try {
        return await ask(link, signal);
      } finally {
        link.close();
      }
    });
  } catch {
    // A look that shows nothing leaves the error as it was.
    return undefined;
  }
}

async function within<Value>(
  { clock, signal, within }: LookingTools,
  act: (signal: AbortSignal) => Promise<Value>,
): Promise<Value> {
  using limit = deadline(clock, within, signal);
  return await act(limit.signal);
}

/** The error with what the look has shown; its first words, which say where, stay. */
function insteadOf(
  { message, cause, facts }: ProvisioningError,
  code: "TLS_EXPECTED" | "TLS_NOT_SPOKEN" | "NOT_MQTT" | "NOT_THINGSBOARD",
  sentence: string,
): ProvisioningError {
  const [, where = ""] = /^(\S+ \((?:TLS|plain text)[^)]*\): )/.exec(message) ?? [];
  return new ProvisioningError(code, `${where}${sentence}`, { cause, facts, endsRun: true });
}
