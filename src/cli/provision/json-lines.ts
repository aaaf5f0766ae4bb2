import { encodeStatus } from "../../files/status-file.ts";
import type { DeviceCredentials } from "../../model/device-credentials.ts";
import type { Outcome } from "../../model/outcome.ts";
import type { Io } from "../io.ts";
import { encodeCamera } from "../report/encode-camera.ts";
import { encodeError } from "../report/encode-error.ts";
import { printJson } from "../report/print.ts";
import type { Printer } from "./printer.ts";

/** One JSON object per line, told apart by `type`; the last one is the outcome. */
export function jsonLines(io: Pick<Io, "out">): Printer {
  const line = (type: string, fields: object) => printJson(io, { type, ...fields });
  return {
    status: (status) => line("status", encodeStatus(status)),
    warning: ({ code, message }) => line("warning", { code, message }),
    retry: ({ wait, because, message }) =>
      line("retry", { wait_seconds: wait / 1000, error_code: because, error_message: message }),
    outcome: (outcome) => line("outcome", encodeOutcome(outcome)),
  };
}

export function encodeOutcome(outcome: Outcome) {
  const { result, exitStatus, status } = outcome;
  return {
    result,
    exit_status: exitStatus,
    status: encodeStatus(status),
    ...("credentials" in outcome ? { credentials: encodeCredentials(outcome.credentials) } : {}),
    ...("configuration" in outcome
      ? { configuration: { path: outcome.configuration.path, is_new: outcome.configuration.isNew } }
      : {}),
    ...("camera" in outcome ? { camera: encodeCamera(outcome.camera) } : {}),
    ...("error" in outcome ? { error: encodeError(outcome.error) } : {}),
  };
}

/** The specification's DeviceCredentials without the token, which belongs in one file only. */
function encodeCredentials(credentials: DeviceCredentials) {
  return {
    device_id: credentials.deviceId,
    device_name: credentials.deviceName,
    server_url: credentials.host,
    server_port: credentials.serverPort,
    use_ssl: credentials.useSsl,
    credentials_type: credentials.credentials.type,
    provisioned_at: credentials.provisionedAt.toISOString(),
  };
}
