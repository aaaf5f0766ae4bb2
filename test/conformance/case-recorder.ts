import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { systemClock } from "../../src/base/clock.ts";
import { milliseconds } from "../../src/base/duration.ts";
import { javaTrim } from "../../src/simulator/encoding/java-text.ts";
import { packetLine } from "../../src/simulator/index.ts";
import { factsOf } from "../transcripts/facts.ts";
import { compact, type Recording, recordingOf } from "../transcripts/recording.ts";
import { isIdPush } from "./device-id.ts";
import type { Administrator } from "./server/administrator.ts";
import { Tape } from "./tape.ts";
import type { OwnSetUp, Target } from "./target.ts";

/** What a server does of a request without an answer is done after so long; a simulator is faster. */
const settling = { server: milliseconds(300), simulator: milliseconds(10) };

/** Writes cases as they are played into a folder, in the form of docs/thingsboard-protocol.md#the-recordings. */
export class CaseRecorder {
  readonly #target: Target;
  readonly #own: OwnSetUp;
  readonly #folder: string;

  constructor(target: Target, own: OwnSetUp, folder: string) {
    this.#target = target;
    this.#own = own;
    this.#folder = folder;
    mkdirSync(folder, { recursive: true });
  }

  /** `devices` are those that the case needs, by their names. */
  async record<Result>(
    recorded: Recording,
    devices: readonly string[],
    play: (tape: Tape) => Promise<Result>,
  ): Promise<Result> {
    const { administrator, profiles } = this.#own;
    const { claims, isSimulator, version } = this.#target;
    const before = await savedDevices(administrator, [
      ...devices,
      ...(claims === undefined ? [] : [claims.deviceName]),
    ]);
    const tape = new Tape();
    const result = await play(tape);
    if (hasUnanswered(tape)) await systemClock.sleep(isSimulator ? settling.simulator : settling.server);
    const transcript = {
      title: recorded.title || recorded.name,
      server_version: `${isSimulator ? "thermal-provision simulator of " : ""}ThingsBoard CE ${version}`,
      strategy: "",
      ...said(tape, recorded),
      notes: [],
      server: {
        profiles: profiles.map(({ profile }) => ({ ...profile, ...ruleChainIn(tape) })),
        state: { format: "thermal-provision simulator state 1", devices: before },
      },
    };
    const server_effect = await effect(administrator, recorded.name, transcript);
    const file = join(this.#folder, `${recorded.name}.json`);
    writeFileSync(file, `${JSON.stringify({ ...transcript, server_effect }, undefined, 1)}\n`);
    return result;
  }
}

/** The device was told its id so long after its CONNECT. */
function ruleChainIn({ packets }: Tape): { readonly deviceIdAfter?: number } {
  const push = packets.find(({ sent, bytes }) => !sent && isIdPush(Buffer.from(bytes)));
  const login = packets.find(({ sent, connection }) => sent && connection === push?.connection);
  return push === undefined || login === undefined ? {} : { deviceIdAfter: push.at - login.at };
}

function hasUnanswered({ packets }: Tape): boolean {
  const count = (sent: boolean, topic: string) =>
    packets.filter((packet) => packet.sent === sent && Buffer.from(packet.bytes).includes(topic)).length;
  return count(true, "/provision/request") > count(false, "/provision/response");
}

function said({ packets, connections }: Tape, recorded: Recording) {
  const levelOf = (number: number) => recorded.connections.find((one) => one.number === number)?.level ?? 4;
  return {
    packets: packets.map(({ sent, at, segment, connection, bytes }) => ({
      direction: sent ? "sent" : "received",
      at_ms: at,
      segment,
      connection,
      hex: Buffer.from(bytes).toString("hex"),
      decoded: packetLine({ bytes, level: levelOf(connection) }, "shown"),
    })),
    connections: connections.map(({ number, transport, end }) => {
      const disconnected = packets.some(({ sent, connection, bytes }) => {
        return sent && connection === number && bytes[0] === 0xe0;
      });
      return {
        connection: number,
        transport,
        mqtt: { 3: "3.1", 4: "3.1.1", 5: "5" }[levelOf(number)],
        ended_by: end?.by === "server" && disconnected ? "server after client DISCONNECT" : (end?.by ?? "still open"),
        ended_how: end?.how ?? "",
        ended_at_ms: end?.at ?? null,
      };
    }),
  };
}

/** What the REST API shows afterwards of the devices that were asked for. */
async function effect(administrator: Administrator, name: string, transcript: object): Promise<object[]> {
  const recording = compact(name, { ...transcript, server: undefined });
  if ("other" in recording) throw new Error(`${name} was recorded in a form that cannot be read.`);
  const asked = factsOf(recordingOf(recording)).requests.map(({ request }) => javaTrim(request.deviceName));
  const shown: object[] = [];
  for (const device_name of new Set(asked.filter((text) => text !== ""))) {
    const device = await administrator.device(device_name);
    if (device === undefined) {
      shown.push({ device_name, device_exists: false });
      continue;
    }
    const { credentialsType, credentialsId, credentialsValue } = await administrator.credentialsOf(device.id);
    const { provisionState = null } = await administrator.attributesOf(device.id, "SERVER");
    shown.push({
      device_name,
      device_exists: true,
      device_type: device.type,
      additional_info: device.gateway ? { gateway: true } : null,
      credentials_type: credentialsType,
      credentials_id: credentialsId,
      credentials_value: credentialsValue ?? null,
      provisionState,
    });
  }
  return shown;
}

/** As a state of the simulator has them. */
async function savedDevices(administrator: Administrator, names: readonly string[]): Promise<object[]> {
  const saved: object[] = [];
  for (const name of names) {
    const device = await administrator.device(name);
    if (device === undefined) continue;
    const { credentialsType, credentialsId, credentialsValue } = await administrator.credentialsOf(device.id);
    const value = credentialsType === "MQTT_BASIC" ? JSON.parse(credentialsValue ?? "{}") : credentialsValue;
    saved.push({
      id: device.id,
      tenant: "tenant",
      name,
      profile: device.type,
      gateway: device.gateway,
      credentials: { credentialsType, credentialsId, ...(value ? { credentialsValue: value } : {}) },
      attributes: {
        client: await administrator.attributesOf(device.id, "CLIENT"),
        server: await administrator.attributesOf(device.id, "SERVER"),
        shared: await administrator.attributesOf(device.id, "SHARED"),
      },
      telemetry: {},
      createdAt: new Date().toISOString(),
    });
  }
  return saved;
}
