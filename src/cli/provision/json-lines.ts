import { encodeStatus } from "../../files/status-file.ts";
import type { DeviceCredentials } from "../../model/device-credentials.ts";
import type { ProvisioningError } from "../../model/errors.ts";
import type { Outcome } from "../../model/outcome.ts";
import type { Io } from "../io.ts";
import type { Printer } from "./printer.ts";

/** One JSON object per line, told apart by `type`; the last one is the outcome (design 10). */
export function jsonLines({ out }: Pick<Io, "out">): Printer {
  const line = (type: string, fields: object) => out(`${JSON.stringify({ type, ...fields })}\n`);
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
    ...("error" in outcome ? { error: encodeError(outcome.error) } : {}),
  };
}

/** The specification's DeviceCredentials without the token, which belongs in one file only. */
function encodeCredentials(credentials: DeviceCredentials) {
  return {
    device_id: credentials.deviceId,
    device_name: credentials.deviceName,
    server_url: credentials.serverUrl,
    server_port: credentials.serverPort,
    use_ssl: credentials.useSsl,
    credentials_type: credentials.credentialsType,
    provisioned_at: credentials.provisionedAt.toISOString(),
  };
}

/** The specification's ProvisioningError; `retry_after_seconds` only where a retry makes sense. */
export function encodeError(error: ProvisioningError) {
  return {
    error_type: error.errorType,
    error_code: error.errorCode,
    error_message: error.message,
    is_retryable: error.isRetryable,
    ...(error.retryAfterSeconds === undefined ? {} : { retry_after_seconds: error.retryAfterSeconds }),
    occurred_at: error.occurredAt.toISOString(),
    problems: error.problems,
  };
}
