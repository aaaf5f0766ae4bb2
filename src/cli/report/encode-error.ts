import type { ProvisioningError } from "../../model/errors.ts";

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
