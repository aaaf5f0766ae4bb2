import type { Duration } from "../../base/duration.ts";
import { visible } from "../../model/problem.ts";
import { faults } from "../faults/faults.ts";
import type { Keys } from "../faults/keys.ts";
import { occasions } from "../faults/occasions.ts";
import type { ToldDevice, ToldEvent, ToldFault, ToldNote, ToldProfile, ToldState } from "../page/told.ts";
import { mask, maskedIn, packetLine, packetMeaning, type Secrecy } from "../record/describe.ts";
import type { SimulatorEvent } from "../record/events.ts";
import type { Server } from "../server/server.ts";
import type { StoredCredentials } from "../tenant/credentials.ts";
import { type DeviceRecord, snapshotOf } from "../tenant/device.ts";
import { type DeviceProfile, keyOf, tenantOf } from "../tenant/device-profile.ts";

/** An event with its number and its time. */
export interface Happened {
  readonly number: number;
  readonly at: Date;
  readonly elapsed: Duration;
  readonly event: SimulatorEvent;
}

/** How much of anything a reader is told. */
const most = {
  items: 200,
  characters: 2000,
  bytes: 1024,
  values: 100,
  valueCharacters: 500,
  devicesTogether: 2_000_000,
};

/** Undefined: the page shows it otherwise, or not at all. */
export function toldEvent({ number, at, elapsed, event }: Happened, secrets: Secrecy): ToldEvent | undefined {
  const when = { number, at: at.toISOString(), elapsed: Math.round(elapsed) };
  if (event.type !== "exchange") {
    const said = noteOf(event, secrets);
    return said && { kind: "note", ...when, tone: said[0], text: bounded(said[1]) };
  }
  const { connection, from, packet, bytes, segment } = event.exchange;
  return {
    kind: "packet",
    ...when,
    connection,
    from,
    packet,
    meaning: bounded(packetMeaning(event.exchange)),
    text: bounded(packetLine(event.exchange, secrets)),
    size: bytes.length,
    segment,
    ...(secrets === "shown" ? { hex: hexOf(bytes) } : {}),
  };
}

function noteOf(event: SimulatorEvent, secrets: Secrecy): [ToldNote["tone"], string] | undefined {
  switch (event.type) {
    case "connection opened":
      return ["quiet", `#${event.connection} connected from ${event.remoteAddress} (${event.transport})`];
    case "connection closed": {
      const why = event.why === undefined ? "" : `: ${event.why}`;
      const by = event.by === "client" ? "camera" : "server";
      return ["quiet", `#${event.connection} closed by the ${by}, ${event.how}${why}`];
    }
    case "connection turned away":
      return ["warning", `turned away from ${event.remoteAddress}: ${event.why}`];
    case "request refused":
      return ["warning", `${event.status} for ${JSON.stringify(event.deviceName)}: ${event.why}`];
    case "left out":
      return ["warning", `#${event.connection} left out: ${event.what}`];
    case "session opened":
    case "session closed":
      return ["plain", `#${event.connection} ${event.type}: ${event.deviceName}`];
    case "device created":
    case "device claimed":
    case "device removed":
    case "credentials changed":
      return ["plain", `${event.type}: ${event.device.name}`];
    case "behaviour":
      return ["warning", `#${event.connection} the server misbehaves: ${jsonOf(event.behaviour, secrets)}`];
    case "exchange":
    case "listening":
      return undefined;
  }
}

export function toldState(server: Server, secrets: Secrecy): ToldState {
  const { database, scenario } = server;
  const devices = [...database.devices];
  const sessions = server.sessions.all;
  return {
    devices: newestDevices(devices, (device) => toldDevice(device, server, secrets)),
    deviceCount: devices.length,
    profiles: [...database.profiles].slice(0, most.items).map((profile) => toldProfile(profile, secrets)),
    sessions: sessions.slice(-most.items).map(({ connection, device }) => ({
      connection: connection.number,
      deviceName: bounded(device.name),
    })),
    sessionCount: sessions.length,
    connectionCount: server.connections.size,
    behaviours: scenario.entries.slice(-most.items).map(({ id, behaviour, happened }) => ({
      id,
      text: jsonOf(behaviour, secrets),
      happened,
    })),
    behaviourCount: scenario.entries.length,
  };
}

/** In their order; fewer where they have much to tell, since a device may store whatever it likes. */
function newestDevices(devices: readonly DeviceRecord[], tell: (device: DeviceRecord) => ToldDevice): ToldDevice[] {
  const told: ToldDevice[] = [];
  let room = most.devicesTogether;
  for (const device of devices.slice(-most.items).reverse()) {
    const one = tell(device);
    room -= JSON.stringify(one).length;
    if (room < 0) break;
    told.unshift(one);
  }
  return told;
}

function toldDevice(record: DeviceRecord, server: Server, secrets: Secrecy): ToldDevice {
  const { id, name, tenant, profile, gateway, createdAt, credentials, attributes, telemetry } = snapshotOf(record);
  const values = (of: Readonly<Record<string, unknown>>) =>
    Object.fromEntries(
      Object.entries(of)
        .slice(0, most.values)
        .map(([key, value]) => [
          bounded(key, most.valueCharacters),
          bounded(jsonOf(value, secrets, key), most.valueCharacters),
        ]),
    );
  return {
    id,
    name: bounded(name),
    tenant: bounded(tenant),
    profile: bounded(profile),
    gateway,
    createdAt: createdAt.toISOString(),
    connected: server.sessions.of(record).length > 0,
    blocked: record.blocked === true,
    credentials: bounded(credentialsOf(credentials, secrets)),
    attributes: {
      client: values(attributes.client),
      server: values(attributes.server),
      shared: values(attributes.shared),
    },
    telemetry: values(telemetry),
  };
}

function credentialsOf(credentials: StoredCredentials, secrets: Secrecy): string {
  const { credentialsType, credentialsId } = credentials;
  if (secrets === "masked") return `${credentialsType} ${mask}`;
  if (credentialsType !== "MQTT_BASIC") return `${credentialsType} ${credentialsId}`;
  return `${credentialsType} ${JSON.stringify(credentials.credentialsValue)}`;
}

function toldProfile(profile: DeviceProfile, secrets: Secrecy): ToldProfile {
  const secret = (text: string | undefined) =>
    text === undefined ? "none" : secrets === "masked" ? mask : bounded(text);
  return {
    name: bounded(profile.name),
    tenant: bounded(tenantOf(profile)),
    provisionType: profile.provisionType,
    key: secret(keyOf(profile)),
    secret: secret(profile.provisionDeviceSecret),
  };
}

export function toldFaults(): ToldFault[] {
  return Object.entries(faults).map(([name, { keys, occasions: where, meaning }]) => ({
    name,
    meaning,
    occasions: where,
    keys: Object.entries<Keys[string]>(keys).map(([key, { kind, optional = false, ...rest }]) => ({
      name: key,
      kind,
      optional,
      ...("of" in rest ? { of: rest.of } : {}),
    })),
  }));
}

export const toldOccasions: Readonly<Record<string, string>> = occasions;

function jsonOf(value: unknown, secrets: Secrecy, under = ""): string {
  const text = JSON.stringify(value);
  return bounded(secrets === "shown" ? text : maskedIn(text, under));
}

function hexOf(bytes: Uint8Array): string {
  const start = Buffer.from(bytes.subarray(0, most.bytes)).toString("hex");
  return bytes.length > most.bytes ? `${start}…` : start;
}

function bounded(text: string, characters = most.characters): string {
  const cut = text.length > characters ? `${text.slice(0, characters)}… (${text.length} characters)` : text;
  return visible(cut);
}
