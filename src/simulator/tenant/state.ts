import * as v from "valibot";
import { checkObject } from "../../model/check.ts";
import type { Checked } from "../../model/problem.ts";
import { type Device, type DeviceRecord, type JsonValue, Values } from "./device.ts";

/** The devices of a simulator as plain JSON, for keeping them across restarts. Credentials are in it. */
export interface SimulatorState {
  readonly format: typeof stateFormat;
  readonly devices: readonly SavedDevice[];
}

type SavedDevice = Omit<Device, "createdAt" | "provisionState"> & { readonly createdAt: string };

const stateFormat = "thermal-provision simulator state 1";

export function stateOf(devices: readonly Device[]): SimulatorState {
  return {
    format: stateFormat,
    devices: devices.map(({ createdAt, provisionState, ...device }) => ({
      ...device,
      createdAt: createdAt.toISOString(),
    })),
  };
}

const text = v.string("a text");
const optionalText = v.nullable(v.string(), null);
const values = v.record(text, v.unknown(), "an object");
export const storedCredentials = v.variant(
  "credentialsType",
  [
    v.object({ credentialsType: v.literal("ACCESS_TOKEN"), credentialsId: text }),
    v.object({ credentialsType: v.literal("X509_CERTIFICATE"), credentialsId: text, credentialsValue: text }),
    v.object({
      credentialsType: v.literal("MQTT_BASIC"),
      credentialsId: text,
      credentialsValue: v.object({ clientId: optionalText, userName: optionalText, password: optionalText }),
    }),
  ],
  "credentials of a known type",
);
const device = v.object(
  {
    id: v.pipe(text, v.uuid("a UUID")),
    tenant: text,
    name: text,
    profile: text,
    label: v.exactOptional(text),
    gateway: v.boolean("true or false"),
    credentials: storedCredentials,
    attributes: v.object({ client: values, server: values, shared: values }, "attributes of three scopes"),
    telemetry: values,
    createdAt: v.pipe(text, v.isoTimestamp("a moment in ISO 8601")),
  },
  "a device",
);
const entries = {
  format: v.literal(stateFormat, `the text "${stateFormat}"`),
  devices: v.array(device, "a list"),
};

/** Checks what a state file holds. All mistakes at once; what is secret in it is not repeated. */
export function parseState(input: unknown): Checked<SimulatorState> {
  const checked = checkObject(entries, input, { secrets: ["credentials"] });
  if (!checked.ok) return checked;
  const devices = checked.value.devices.map((saved) => ({
    ...saved,
    attributes: {
      client: jsonValues(saved.attributes.client),
      server: jsonValues(saved.attributes.server),
      shared: jsonValues(saved.attributes.shared),
    },
    telemetry: jsonValues(saved.telemetry),
  }));
  const state: SimulatorState = { format: stateFormat, devices };
  checkedStates.add(state);
  return { ok: true, value: state };
}

/** Many devices take long to check; once is enough. */
const checkedStates = new WeakSet<object>();

export function isCheckedState(state: unknown): boolean {
  return typeof state === "object" && state !== null && checkedStates.has(state);
}

export function recordOf(saved: SavedDevice): DeviceRecord {
  const { client, server, shared } = saved.attributes;
  const map = (stored: Readonly<Record<string, JsonValue>>) => new Values(Object.entries(stored));
  return {
    ...saved,
    attributes: { client: map(client), server: map(server), shared: map(shared) },
    telemetry: map(saved.telemetry),
    createdAt: new Date(saved.createdAt),
  };
}

/** What JSON can hold is what attributes can hold. */
export function jsonValues(stored: Readonly<Record<string, unknown>>): Record<string, JsonValue> {
  return Object.fromEntries(Object.entries(stored).map(([key, value]) => [key, jsonValue(value)]));
}

function jsonValue(value: unknown): JsonValue {
  if (Array.isArray(value)) return value.map(jsonValue);
  if (typeof value === "object" && value !== null) return jsonValues(Object.fromEntries(Object.entries(value)));
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? value : null;
}
