import "./base/require-supported-node.ts";

export type { Clock } from "./base/clock.ts";
export { type Duration, milliseconds, seconds } from "./base/duration.ts";
export type { Randomness } from "./base/randomness.ts";
export { Secret } from "./base/secret.ts";
export type { FileSystem } from "./files/disk/file-system.ts";
export type { DeviceCredentials } from "./model/device-credentials.ts";
export { type ErrorCode, type ErrorType, ProvisioningError } from "./model/errors.ts";
export type { Outcome } from "./model/outcome.ts";
export type { LocatedProblem, Problem } from "./model/problem.ts";
export type { ProvisioningState, ProvisioningStatus } from "./model/provisioning-status.ts";
export type { Warning, WarningCode } from "./model/warnings.ts";
export { provision } from "./provision.ts";
export type { ProvisionOptions, Retry } from "./run/provision-options.ts";
export { type Connect, type Endpoint, type Link, linkOver } from "./transport/link.ts";
