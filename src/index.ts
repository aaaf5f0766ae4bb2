import "./base/require-supported-node.ts";

export { adopt } from "./adopt.ts";
export { type Clock, systemClock } from "./base/clock.ts";
export { type Duration, milliseconds, seconds } from "./base/duration.ts";
export { type Randomness, systemRandomness } from "./base/randomness.ts";
export { Secret } from "./base/secret.ts";
export type { CheckGroup, CheckLine, CheckStatus } from "./check/line.ts";
export { type Check, type CheckOptions, check } from "./check.ts";
export { type DecommissionOptions, decommission, planDecommission, type Receipt } from "./decommission.ts";
export { type Diagnostics, diagnostics, type ListedFile } from "./diagnostics.ts";
export { type DryRun, dryRun } from "./dry-run.ts";
export type { Removal } from "./files/decommission.ts";
export {
  type Access,
  type Attributes,
  type FileSystem,
  type Handle,
  type Locking,
  nodeFileSystem,
  type Space,
} from "./files/disk/file-system.ts";
export type { AccessList } from "./files/disk/rights.ts";
export type { GivenCredentials } from "./files/given-credentials.ts";
export type { PutAside } from "./files/journal/journal.ts";
export { nodeSystem, type ServiceUnit, type System } from "./files/system.ts";
export { type Inspection, inspect, type JournalSummary } from "./inspect.ts";
export { type CameraLabel, label } from "./label.ts";
export type { CameraState, KnownDevice } from "./model/camera-state.ts";
export type { ConnectionChoices } from "./model/connection-choices.ts";
export type {
  AccessToken,
  ClientCertificate,
  Credentials,
  CredentialsType,
  MqttBasic,
  OwnType,
} from "./model/credentials.ts";
export type { Naming } from "./model/device-name.ts";
export {
  DeviceCredentials,
  ProvisioningCredentials,
  ProvisioningRequest,
  ProvisioningResponse,
  ProvisioningStatus,
} from "./model/entities.ts";
export type { ErrorKind, ErrorType, Fact, PossibleCause } from "./model/error-kind.ts";
export { type ErrorCode, errorTable } from "./model/error-table.ts";
export { type ErrorDetails, ProvisioningError, type ProvisioningErrorFields } from "./model/errors.ts";
export type { Label } from "./model/label.ts";
export type { ClientCertificateFiles, LoginChoices } from "./model/login-choices.ts";
export type { Outcome } from "./model/outcome.ts";
export type { Checked, LocatedProblem, Problem } from "./model/problem.ts";
export type { Grant, Refusal } from "./model/provisioning-response.ts";
export {
  type FailedState,
  type ProvisioningState,
  provisioningStates,
  transitions,
} from "./model/provisioning-status.ts";
export type { HttpProxy } from "./model/proxy.ts";
export type { ServerIdentity } from "./model/server-identity.ts";
export type { SpecificationForm, Written } from "./model/specification-form.ts";
export { type Warning, type WarningCode, type WarningKind, warningTable } from "./model/warnings.ts";
export { provision } from "./provision.ts";
export { reset } from "./reset.ts";
export {
  type Backup,
  listOfBackups,
  type Restored,
  type RestoreOptions,
  restore,
  restoreLastSuccess,
} from "./restore.ts";
export type { ServersAnswer } from "./run/ask-about-configured.ts";
export type { Exchange, ProvisionOptions, Retry, Try } from "./run/provision-options.ts";
export { connectOverNetwork as connect } from "./run/surroundings.ts";
export {
  type ClientIdentity,
  type Connect,
  type Diagnose,
  type Endpoint,
  type Link,
  type LinkDetails,
  type LookingTools,
  linkOver,
  type Security,
  type TlsSettings,
} from "./transport/link.ts";
