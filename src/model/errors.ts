import { causesOf, type ErrorKind, type ErrorType, type Fact } from "./error-kind.ts";
import { type ErrorCode, errorTable } from "./error-table.ts";
import { type LocatedProblem, problemInWords } from "./problem.ts";

export type { ErrorCode, ErrorKind, ErrorType };

/** The row of `code`. */
export function errorKind(code: ErrorCode): ErrorKind {
  return errorTable[code];
}

/** An error in the specification's words; `retry_after_seconds` only where a retry makes sense. */
export interface ProvisioningErrorFields {
  readonly error_type: ErrorType;
  readonly error_code: ErrorCode;
  readonly error_message: string;
  readonly is_retryable: boolean;
  readonly retry_after_seconds?: number;
  readonly occurred_at: string;
}

/** What an error holds besides its code and message. */
export interface ErrorDetails {
  readonly cause?: unknown;
  readonly problems?: readonly LocatedProblem[];
  readonly endsRun?: boolean;
  readonly facts?: readonly Fact[];
}

/** Marks the class across copies of the library, where `instanceof` would fail. */
const brand = Symbol.for("thermal-provision.ProvisioningError");

/**
 * The one error of this library (specification, ProvisioningError). Callers branch on `errorCode`; messages are free
 * to improve. A message never holds a secret.
 */
export class ProvisioningError extends Error {
  readonly [brand] = true;
  readonly errorCode: ErrorCode;
  /** What is wrong with the input, all of it; empty for other kinds of errors. */
  readonly problems: readonly LocatedProblem[];
  /** Whether another try in the same run would come to the same end, although a later run may not. */
  readonly endsRun: boolean;
  /** What was known when it arose; it rules causes out. */
  readonly facts: readonly Fact[];
  /** Set by the story from its clock; until then the system's time. */
  occurredAt: Date = new Date();

  constructor(
    errorCode: ErrorCode,
    message: string,
    { cause, problems = [], endsRun = false, facts = [] }: ErrorDetails = {},
  ) {
    super([message, ...problems.map((problem) => `  ${problemInWords(problem)}`)].join("\n"), { cause });
    this.name = "ProvisioningError";
    this.errorCode = errorCode;
    this.problems = problems;
    this.endsRun = endsRun;
    this.facts = facts;
  }

  get errorType(): ErrorType {
    return errorKind(this.errorCode).type;
  }

  get isRetryable(): boolean {
    return errorKind(this.errorCode).retryAfterSeconds !== "never";
  }

  get retryAfterSeconds(): number | undefined {
    const { retryAfterSeconds } = errorKind(this.errorCode);
    return retryAfterSeconds === "never" ? undefined : retryAfterSeconds;
  }

  /** The usual causes, the most usual first, without those that cannot be the one. */
  get causes(): readonly string[] {
    return causesOf(errorKind(this.errorCode), this.facts);
  }

  /** What can be done about it, and where. */
  get remedies(): { readonly onTheDevice: readonly string[]; readonly onTheServer: readonly string[] } {
    const { onTheDevice, onTheServer } = errorKind(this.errorCode);
    return { onTheDevice, onTheServer };
  }

  get exitStatus(): ErrorKind["exitStatus"] {
    return errorKind(this.errorCode).exitStatus;
  }

  /** The specification's fields: what `JSON.stringify` gives. */
  toJSON(): ProvisioningErrorFields {
    return {
      error_type: this.errorType,
      error_code: this.errorCode,
      error_message: this.message,
      is_retryable: this.isRetryable,
      ...(this.retryAfterSeconds === undefined ? {} : { retry_after_seconds: this.retryAfterSeconds }),
      occurred_at: this.occurredAt.toISOString(),
    };
  }

  static is(error: unknown): error is ProvisioningError {
    return typeof error === "object" && error !== null && brand in error;
  }

  /** `error` as it is when it is one of ours; anything else is a mistake in this program. */
  static from(error: unknown): ProvisioningError {
    if (ProvisioningError.is(error)) return error;
    return new ProvisioningError("INTERNAL", "an unexpected error; please report it", { cause: error });
  }
}
