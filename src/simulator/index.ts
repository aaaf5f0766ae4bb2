import "../base/require-supported-node.ts";

export type { DeviceReference } from "./administration.ts";
export type { Action, Behaviour } from "./faults/faults.ts";
export type { Moment } from "./faults/keys.ts";
export type { Occasion, OccasionKind } from "./faults/occasions.ts";
export { parseScenario, type ScenarioFile } from "./faults/scenario-schema.ts";
export type { AddressBlockOptions } from "./mqtt/address-block.ts";
export type { MemoryConnectOptions } from "./mqtt/listener.ts";
export type { SimulatorOptions } from "./options/options.ts";
export { WrongOptions } from "./options/options-schema.ts";
export { describe, packetLine, type Secrecy } from "./record/describe.ts";
export type { Listener, SimulatorEvent } from "./record/events.ts";
export type { Exchange } from "./record/history.ts";
export { Recorder, type Transcript, type TranscriptConnection, type TranscriptPacket } from "./record/recorder.ts";
export { differences, newestVersion, recordedVersion, type ServerVersion, serverVersions } from "./server/versions.ts";
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
export type { NewDevice } from "./tenant/new-device.ts";
export type { RateLimits } from "./tenant/rate-limits.ts";
export { parseState, type SimulatorState } from "./tenant/state.ts";
