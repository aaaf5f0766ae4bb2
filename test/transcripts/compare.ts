import { isDeepStrictEqual } from "node:util";
import type { Device } from "../../src/simulator/index.ts";
import { packetLine } from "../../src/simulator/index.ts";
import { type EffectDevice, effectDevices } from "./effect.ts";
import { type Facts, isClaim, levelOf } from "./facts.ts";

/** What the simulator did. */
export interface Outcome {
  readonly clients: ReadonlyMap<number, ClientResult>;
  readonly devices: readonly Device[];
}

export interface ClientResult {
  /** One packet each: the simulator writes them one by one. */
  readonly received: readonly Buffer[];
  readonly ended: { readonly by: "server" | "client"; readonly at: number } | undefined;
  /** Packets that were recorded before the client's next one and had not come by then. */
  readonly late: number;
}

/** When the recording ended before the connection did. */
const stillOpen = "still open";

/** How far the end of a connection may lie from the recorded one; sweeps and timers are what is measured. */
const tolerance = 1500;

/** Packet for packet and byte for byte; tokens, ids and times that a server makes up are not compared. */
export function differences(facts: Facts, outcome: Outcome): string[] {
  const { recording } = facts;
  return [
    ...recording.connections.flatMap(({ number }) => connectionDifferences(number, facts, outcome.clients.get(number))),
    ...effectDevices(recording.effect).flatMap((device) => deviceDifferences(device, facts, outcome.devices)),
  ];
}

function connectionDifferences(number: number, facts: Facts, result: ClientResult | undefined): string[] {
  const { recording } = facts;
  const known = recording.connections.find((connection) => connection.number === number);
  const level = levelOf(recording, number);
  if (known === undefined || result === undefined) return [`connection ${number}: was never opened`];
  const inOrder = hasRequestsAtOnce(number, facts) ? acknowledgementsFirst : (packets: readonly Buffer[]) => packets;
  const expected = inOrder(
    recording.packets.flatMap(({ sent, connection, bytes }) => (!sent && connection === number ? [bytes] : [])),
  );
  const received = inOrder(result.received);
  const found: string[] = [];
  for (let index = 0; index < Math.max(expected.length, received.length); index++) {
    const one = expected[index];
    const other = received[index];
    if (one !== undefined && other !== undefined && plain(one, facts).equals(plain(other, facts))) continue;
    if (one !== undefined && other !== undefined && sameButForOrder(plain(one, facts), plain(other, facts))) {
      found.push(`connection ${number}, packet ${index + 1}: ${anotherOrder}`);
      continue;
    }
    const words = (bytes: Buffer | undefined) =>
      bytes === undefined ? "nothing" : packetLine({ bytes, level }, "shown");
    found.push(`connection ${number}, packet ${index + 1}: recorded ${words(one)}, simulated ${words(other)}`);
  }
  if (result.late > 0) found.push(`connection ${number}: ${result.late} packets came later than recorded`);
  const by = known.endedBy === stillOpen ? stillOpen : known.endedBy.startsWith("server") ? "server" : "client";
  const simulatedBy = result.ended?.by ?? stillOpen;
  if (simulatedBy !== by) found.push(`connection ${number}: ended by ${by}, simulated ${simulatedBy}`);
  else if (
    result.ended !== undefined &&
    known.endedAt !== null &&
    Math.abs(result.ended.at - known.endedAt) > tolerance
  ) {
    found.push(`connection ${number}: ended at ${known.endedAt} ms, simulated at ${result.ended.at} ms`);
  }
  return found;
}

/** The order of attributes in an answer is that in which a whole installation first met their names. */
export const anotherOrder = "the same attributes in another order, which is the installation's";

/** Two answers with attributes, to the same topic, whose JSON says the same. */
function sameButForOrder(one: Buffer, other: Buffer): boolean {
  const [first, second] = [one, other].map((bytes) => bytes.toString("latin1"));
  const start = first?.indexOf("{") ?? -1;
  if (first === undefined || second === undefined || start === -1 || first.slice(0, start) !== second.slice(0, start)) {
    return false;
  }
  if (!/(attributes\/response|v2\/a\/res)/.test(first.slice(0, start))) return false;
  try {
    return isDeepStrictEqual(JSON.parse(first.slice(start)), JSON.parse(second.slice(start)));
  } catch {
    return false;
  }
}

/** A request was sent before the one before it was answered. */
function hasRequestsAtOnce(number: number, { requests }: Facts): boolean {
  const mine = requests.filter(({ connection }) => connection === number);
  return mine.some(
    (request, index) => mine[index - 1] !== undefined && request.at < (mine[index - 1]?.answeredAt ?? 0),
  );
}

/** With several requests under way the pairs of PUBACK and response interleave: each kind has its own order. */
function acknowledgementsFirst(packets: readonly Buffer[]): Buffer[] {
  const isPuback = (packet: Buffer) => packet[0] === 0x40;
  return [...packets.filter(isPuback), ...packets.filter((packet) => !isPuback(packet))];
}

const id = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
/** In JSON, or in protobuf as field 3 with its length. */
const token = new RegExp(
  `(?<="credentialsValue":"|${String.fromCharCode(0x1a, 20)})[A-Za-z0-9]{20}(?![A-Za-z0-9])`,
  "g",
);

/** Without what a server makes up: tokens of 20 characters that nobody sent, and ids. */
function plain(bytes: Buffer, facts: Facts): Buffer {
  const text = bytes.toString("latin1").replace(id, "-".repeat(36));
  return Buffer.from(
    text.replace(token, (found) => (isChosen(found, facts) ? found : "*".repeat(20))),
    "latin1",
  );
}

/** A device sent it, or it was the device's before. */
function isChosen(token: string, { recording, requests }: Facts): boolean {
  const sent = recording.packets.some((packet) => packet.sent && packet.bytes.includes(token));
  return sent || requests.some((fact) => isClaim(fact) && fact.response.includes(token));
}

function deviceDifferences(device: EffectDevice, facts: Facts, devices: readonly Device[]): string[] {
  const generatedName = device.device_name.endsWith(" (generated by the server)") || isMade(device.device_name, facts);
  const found = devices.find(({ name, credentials }) =>
    generatedName
      ? isMade(name, facts) && sameId(credentials.credentialsId, device.credentials_id ?? "", facts)
      : name === device.device_name,
  );
  const where = `device ${device.device_name}`;
  if (!device.device_exists) return found === undefined ? [] : [`${where}: exists in the simulator`];
  if (found === undefined) return [`${where}: does not exist in the simulator`];
  const simulated: Record<string, unknown> = {
    device_type: found.profile,
    gateway: found.gateway,
    credentials_type: found.credentials.credentialsType,
    credentials_id: comparableId(found.credentials.credentialsId, facts),
    provisionState: found.provisionState,
  };
  const recorded: Record<string, unknown> = {
    device_type: device.device_type ?? found.profile,
    gateway: device.credentials_id === undefined ? found.gateway : device.additional_info?.["gateway"] === true,
    credentials_type: device.credentials_type ?? found.credentials.credentialsType,
    credentials_id: comparableId(device.credentials_id ?? found.credentials.credentialsId, facts),
    provisionState: device.credentials_id === undefined ? found.provisionState : (device.provisionState ?? null),
  };
  if (device.latest_telemetry_t !== undefined) {
    recorded["telemetry t"] = device.latest_telemetry_t;
    simulated["telemetry t"] = String(found.telemetry["t"]);
  }
  return Object.keys(recorded)
    .filter((key) => recorded[key] !== simulated[key])
    .map((key) => `${where}: ${key} ${JSON.stringify(recorded[key])}, simulated ${JSON.stringify(simulated[key])}`);
}

/** A name that nobody said. */
function isMade(name: string, facts: Facts): boolean {
  return /^[A-Za-z0-9]{20}$/.test(name) && !isChosen(name, facts);
}

function sameId(one: string, other: string, facts: Facts): boolean {
  return comparableId(one, facts) === comparableId(other, facts);
}

function comparableId(id: string, facts: Facts): string {
  return /^[A-Za-z0-9]{20}$/.test(id) && !isChosen(id, facts) ? "*".repeat(20) : id;
}
