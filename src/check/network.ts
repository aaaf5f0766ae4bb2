import { deadline } from "../base/clock.ts";
import { type Duration, inWords, milliseconds, seconds } from "../base/duration.ts";
import { randomUuid } from "../base/randomness.ts";
import type { ErrorCode, ProvisioningError } from "../model/errors.ts";
import { proxyUrl } from "../model/proxy.ts";
import { isIpAddress } from "../model/server-address.ts";
import { warning } from "../model/warnings.ts";
import type { Surroundings } from "../run/surroundings.ts";
import type { Endpoint, Link } from "../transport/link.ts";
import { connectPacket, MqttSession, refusalInWords } from "../transport/mqtt-session.ts";
import { provisionLogin } from "../wire/login.ts";
import { type Attempt, attemptLater } from "./attempt.ts";
import { checkCertificate } from "./certificate.ts";
import { type CheckGroup, type CheckLine, failed, noticed, ok, skipped, skippedBecause, warned } from "./line.ts";

/** What a look at the server needs. */
export interface Way extends Pick<Surroundings, "clock" | "connect" | "diagnose" | "randomness" | "signal"> {
  readonly endpoint: Endpoint;
  /** For each connection. */
  readonly within: Duration;
  readonly lookUp: (endpoint: Endpoint) => Promise<readonly string[]>;
}

/** Nobody waits longer for one line. */
export const longestStep = seconds(10);

/** Name, way, TLS and server, as far as one carries the other. The sessions are empty: nothing is made by them. */
export async function* checkWay(way: Way): AsyncGenerator<CheckLine> {
  const { line, addresses } = await checkName(way);
  yield line;
  const { proxy } = way.endpoint;
  if (proxy !== undefined) yield ok("way", "proxy", `${proxyUrl(proxy)} leads to the server`);
  if (line.state === "failed") return yield* consequences("name");
  const { value: link, problem } = either(await explained(way, () => connected(way)));
  const group = problem === undefined ? undefined : groupOf(problem.errorCode);
  if (problem !== undefined && group !== "TLS") {
    yield failed("way", "connection", problem);
    return yield* consequences("way");
  }
  yield ok("way", "connection", link?.inWords ?? "the address answers");
  yield* checkFamilies(way, addresses);
  if (problem !== undefined) {
    yield failed("TLS", "handshake", problem);
    return yield* consequences("TLS");
  }
  if (link === undefined) return;
  yield* checkEncryption(way, link.link);
  yield* checkServer(way, link.link);
}

function either(found: { value: Connected } | { problem: ProvisioningError }) {
  return { value: undefined, problem: undefined, ...found };
}

/** With what a look at the server shows, as a run does it. */
async function explained<Value>(way: Way, act: () => Promise<Value>): Promise<Attempt<Value>> {
  const found = await attemptLater(act);
  if ("value" in found) return found;
  const { clock, endpoint, diagnose, randomness, signal, within } = way;
  const tools = { clock, signal, within, unknownToken: randomUuid(randomness) };
  return { problem: await diagnose(endpoint, found.problem, tools) };
}

interface Connected {
  readonly link: Link;
  readonly inWords: string;
}

async function connected(way: Way): Promise<Connected> {
  const begun = way.clock.elapsed();
  const link = await limited(way, (signal) => way.connect(way.endpoint, signal));
  const { host, port } = way.endpoint;
  return {
    link,
    inWords: `${link.place ?? `${host}:${port}`}, in ${inWords(milliseconds(way.clock.elapsed() - begun))}`,
  };
}

/** `name` failed: what stands behind it cannot be seen. */
function* consequences(of: "name" | "way" | "TLS"): Generator<CheckLine> {
  const behind: readonly (readonly [CheckGroup, string])[] = [
    ["way", "connection"],
    ["TLS", "handshake"],
    ["server", "MQTT"],
  ];
  const from = { name: 0, way: 1, TLS: 2 }[of];
  for (const [group, name] of behind.slice(from)) yield skippedBecause(group, name, of);
}

/** Which step of the way an error is about. */
function groupOf(code: ErrorCode): CheckGroup {
  if (code === "HOST_NOT_FOUND" || code === "RESOLVER_SILENT") return "name";
  if (code.startsWith("TLS_")) return "TLS";
  return "way";
}

async function checkName({ endpoint, lookUp }: Way): Promise<{ line: CheckLine; addresses: readonly string[] }> {
  const { host, proxy } = endpoint;
  if (proxy !== undefined) return { line: skipped("name", host, "is looked up by the proxy"), addresses: [] };
  if (isIpAddress(host)) return { line: ok("name", host, "is an address: there is no name to look up"), addresses: [] };
  const looked = await attemptLater(() => lookUp(endpoint));
  if ("problem" in looked) return { line: failed("name", host, looked.problem), addresses: [] };
  const addresses = looked.value;
  const itself = addresses.some((address) => address === "::1" || address.startsWith("127."));
  return { line: ok("name", host, `${addresses.join(", ")}${itself ? " (this camera itself)" : ""}`), addresses };
}

/** Where the name has addresses of both families, one of them may lead nowhere: every connection then begins with a wait. */
async function* checkFamilies(way: Way, addresses: readonly string[]): AsyncGenerator<CheckLine> {
  const families = [addresses.find((each) => !each.includes(":")), addresses.find((each) => each.includes(":"))];
  if (families.includes(undefined)) return;
  for (const address of families) {
    if (address === undefined) continue;
    const family = address.includes(":") ? "IPv6" : "IPv4";
    const { port } = way.endpoint;
    const opened = await attemptLater(() => limited(way, (signal) => way.connect({ host: address, port }, signal)));
    if ("value" in opened) {
      opened.value.close();
      yield ok("way", family, `${address} answers`);
    } else {
      const [sentence = ""] = opened.problem.message.split("\n");
      yield noticed("way", family, sentence, "Repair this way, or remove the address from the name server");
    }
  }
}

function* checkEncryption({ clock, endpoint: { port } }: Way, { security, warnings = [] }: Link): Generator<CheckLine> {
  if (security !== undefined) yield* checkCertificate(security, clock.now());
  else yield warned("TLS", "encryption", warning(port === 8883 ? "PLAIN_TEXT_ON_TLS_PORT" : "PLAIN_TEXT"));
  for (const each of warnings) yield warned("TLS", "certificate", each);
}

/** The beginning of a provisioning session, and no request: ThingsBoard lets everybody in there. */
async function* checkServer(way: Way, link: Link): AsyncGenerator<CheckLine> {
  const { clock } = way;
  const begun = clock.elapsed();
  const asked = await explained(way, () => limited(way, (limit) => loginCode(new MqttSession(link, clock), limit)));
  if ("value" in asked) {
    const trip = inWords(milliseconds(clock.elapsed() - begun));
    yield ok("server", "MQTT", `a provisioning session is accepted, after ${trip}`);
    return;
  }
  if (groupOf(asked.problem.errorCode) !== "TLS") {
    yield failed("server", "MQTT", asked.problem);
    return;
  }
  yield failed("TLS", "encryption", asked.problem);
  yield skippedBecause("server", "MQTT", "TLS");
}

async function loginCode(session: MqttSession, signal: AbortSignal): Promise<void> {
  try {
    session.send(connectPacket(provisionLogin));
    const code = await session.receiveConnack(signal);
    if (code === 0) return;
    const refusal = `the provisioning session was refused (${refusalInWords(code)})`;
    throw session.error(code === 4 || code === 5 ? "NOT_THINGSBOARD" : "SESSION_REFUSED", refusal);
  } finally {
    session.close();
  }
}

/** One step, with its time. */
export async function limited<Value>(
  { clock, signal, within }: Pick<Way, "clock" | "signal" | "within">,
  act: (signal: AbortSignal) => Promise<Value>,
): Promise<Value> {
  using limit = deadline(clock, within, signal);
  return await act(limit.signal);
}
