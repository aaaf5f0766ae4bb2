import { deadline } from "../base/clock.ts";
import { type Duration, inWords, milliseconds, seconds } from "../base/duration.ts";
import { randomUuid } from "../base/randomness.ts";
import type { ProvisioningError } from "../model/errors.ts";
import { proxyUrl } from "../model/proxy.ts";
import { isIpAddress } from "../model/server-address.ts";
import { warning } from "../model/warnings.ts";
import type { Surroundings } from "../run/surroundings.ts";
import type { Endpoint, Link, LookingTools } from "../transport/link.ts";
import { connectPacket, MqttSession } from "../transport/mqtt-session.ts";
import { sessionRefused } from "../transport/provision-session.ts";
import { provisionLogin } from "../wire/login.ts";
import { type Attempt, attemptLater } from "./attempt.ts";
import { checkCertificate } from "./certificate.ts";
import { type CheckGroup, type CheckLine, failed, noticed, ok, skipped, skippedBecause, warned } from "./line.ts";

/** What a look at the server needs. */
export interface Way extends Pick<Surroundings, "clock" | "connect" | "diagnose" | "randomness" | "signal"> {
  readonly endpoint: Endpoint;
  /** For sessions that only ask: the camera's own certificate, where it has one, is shown there, as a run does. */
  readonly asking: Endpoint;
  /** For each connection. */
  readonly within: Duration;
  readonly lookUp: (endpoint: Endpoint) => Promise<readonly string[]>;
}

/** A minute or two of difference spoils nothing. */
const tolerated = seconds(300);

/** Nobody waits longer for one line. */
export const longestStep = seconds(10);

/**
 * Name, way, TLS and server, as far as one carries the other. The sessions are empty: nothing is made by them.
 *
 * @param options withTls: without it no more is looked at than whether the address answers, because of the clock
 */
export async function* checkWay(way: Way, { withTls }: { readonly withTls: boolean }): AsyncGenerator<CheckLine> {
  const { line, addresses } = await checkName(way);
  yield line;
  const { proxy } = way.endpoint;
  if (proxy !== undefined) yield ok("way", "proxy", `${proxyUrl(proxy)} leads to the server`);
  if (line.state === "failed") return yield* consequences("name");
  const { tls: _, ...address } = way.endpoint;
  const found = await explained(way, () => connected(withTls ? way : { ...way, asking: address }));
  if ("problem" in found && !isAboutTls(found.problem)) {
    yield failed("way", "connection", found.problem);
    return yield* consequences("way");
  }
  yield ok("way", "connection", "value" in found && withTls ? found.value.inWords : "the address answers");
  if ("value" in found) yield* checkDate(way, found.value.link);
  yield* checkFamilies(way, addresses);
  if (!withTls) {
    if ("value" in found) found.value.link.close();
    return yield* consequences("clock");
  }
  if ("problem" in found) {
    yield failed("TLS", "handshake", found.problem);
    return yield* consequences("TLS");
  }
  const { link } = found.value;
  yield* checkEncryption(way, link);
  yield* checkServer(way, link);
}

/** With what a look at the server shows, as a run does it. */
async function explained<Value>(way: Way, act: () => Promise<Value>): Promise<Attempt<Value>> {
  const found = await attemptLater(act);
  if ("value" in found) return found;
  return { problem: await way.diagnose(way.endpoint, found.problem, lookingTools(way)) };
}

export function lookingTools({ clock, signal, within, randomness }: Way): LookingTools {
  return { clock, signal, within, unknownToken: randomUuid(randomness) };
}

interface Connected {
  readonly link: Link;
  readonly inWords: string;
}

async function connected(way: Way): Promise<Connected> {
  const begun = way.clock.elapsed();
  const link = await limited(way, (signal) => way.connect(way.asking, signal));
  const { host, port } = way.endpoint;
  return {
    link,
    inWords: `${link.place ?? `${host}:${port}`}, in ${inWords(milliseconds(way.clock.elapsed() - begun))}`,
  };
}

/** `name` failed: what stands behind it cannot be seen. */
function* consequences(of: "name" | "clock" | "way" | "TLS"): Generator<CheckLine> {
  const behind: readonly (readonly [CheckGroup, string])[] = [
    ["way", "connection"],
    ["TLS", "handshake"],
    ["server", "MQTT"],
  ];
  const from = { name: 0, clock: 1, way: 1, TLS: 2 }[of];
  for (const [group, name] of behind.slice(from)) yield skippedBecause(group, name, of);
}

function isAboutTls({ errorCode }: ProvisioningError): boolean {
  return errorCode.startsWith("TLS_");
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

/** MQTT tells no date, and neither does TLS: a proxy's is the only other clock that is seen. */
function* checkDate({ clock }: Way, { proxyDate }: Link): Generator<CheckLine> {
  if (proxyDate === undefined) return;
  const [here, there] = [clock.now(), proxyDate].map((date) => date.toISOString());
  const found = `the proxy's clock says ${there}, this camera's ${here}`;
  if (Math.abs(clock.now().getTime() - proxyDate.getTime()) < tolerated) yield ok("way", "proxy's date", found);
  else yield noticed("way", "proxy's date", found, "Set the camera's clock (NTP), if the proxy's is right");
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
  const asked = await explained(way, () => limited(way, (limit) => beginSession(new MqttSession(link, clock), limit)));
  if ("value" in asked) {
    const trip = inWords(milliseconds(clock.elapsed() - begun));
    yield ok("server", "MQTT", `a provisioning session is accepted, after ${trip}`);
    return;
  }
  if (!isAboutTls(asked.problem)) {
    yield failed("server", "MQTT", asked.problem);
    return;
  }
  yield failed("TLS", "encryption", asked.problem);
  yield skippedBecause("server", "MQTT", "TLS");
}

async function beginSession(session: MqttSession, signal: AbortSignal): Promise<void> {
  try {
    session.send(connectPacket(provisionLogin));
    const code = await session.receiveConnack(signal);
    if (code !== 0) throw sessionRefused(session, code);
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
