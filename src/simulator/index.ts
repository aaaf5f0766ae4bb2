import "../base/require-supported-node.ts";

export type { DeviceReference, NewDevice } from "./administration.ts";
export type { Action, Behaviour, Moment, Occasion, OccasionKind, RequestAction } from "./faults/behaviours.ts";
export { parseScenario, type ScenarioFile, scenarioEntries } from "./faults/scenario-schema.ts";
export type { AddressBlockOptions } from "./mqtt/address-block.ts";
export type { MemoryConnectOptions } from "./mqtt/listener.ts";
export type { SimulatorOptions } from "./options.ts";
export { WrongOptions } from "./options-schema.ts";
export { describe, packetLine, type Secrecy } from "./record/describe.ts";
export type { Listener, SimulatorEvent } from "./record/events.ts";
export type { Exchange } from "./record/history.ts";
export { Recorder, type Transcript, type TranscriptConnection, type TranscriptPacket } from "./record/recorder.ts";
export { Simulator } from "./simulator.ts";
export {
  accessToken,
  type MqttBasic,
  mqttBasic,
  type StoredCredentials,
  x509Certificate,
} from "./tenant/credentials.ts";
export { NotUnique } from "./tenant/database.ts";
export type { AttributeScope, Device, JsonValue } from "./tenant/device.ts";
export { type DeviceProfile, defaultProfile, type ProvisionType } from "./tenant/device-profile.ts";
export type { RateLimits } from "./tenant/rate-limits.ts";
export { parseState, type SimulatorState } from "./tenant/state.ts";
export { differences, newestVersion, type ServerVersion, serverVersions } from "./versions.ts";
