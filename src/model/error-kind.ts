import type { FailedState } from "./provisioning-status.ts";

/** The specification's four categories. */
export type ErrorType = "NETWORK" | "AUTH" | "VALIDATION" | "SERVER";

/** What a run may know, so that some of the usual causes cannot be the one. */
export type Fact =
  | "plain text was asked for"
  | "TLS was asked for"
  | "no request was heard"
  | "the provisioning session was refused"
  | "the server answers requests"
  | "it had 25 seconds"
  | "no certificate is shown besides"
  | "the name is plain"
  | "it logs in with a token"
  | "the profile makes new devices";

/** A cause that is left out where a run knows better. */
export interface PossibleCause {
  readonly cause: string;
  readonly unless: Fact | readonly Fact[];
}

/** A row of the error table. A new code does not compile until all of it is chosen. */
export interface ErrorKind {
  readonly type: ErrorType;
  /** Where the specification has no type that fits: why the nearest is this one. */
  readonly typeBecause?: string;
  /** Seconds after which another run is worth its while; `never`: somebody must do something first. */
  readonly retryAfterSeconds: number | "never";
  /** The state in which a run ends; `unchanged` where the run goes on later as if it had not been stopped. */
  readonly state: FailedState | "unchanged";
  /** sysexits(3) where they fit. */
  readonly exitStatus: 64 | 70 | 73 | 74 | 75 | 77 | 78 | 130 | 143;
  readonly meaning: string;
  /** The most usual first. */
  readonly causes: readonly (string | PossibleCause)[];
  readonly onTheDevice: readonly string[];
  readonly onTheServer: readonly string[];
}

/** What an error can come from, the most usual first, as far as `facts` do not rule it out. */
export function causesOf({ causes }: Pick<ErrorKind, "causes">, facts: readonly Fact[] = []): readonly string[] {
  return causes.flatMap((each) => {
    if (typeof each === "string") return [each];
    return [each.unless].flat().some((fact) => facts.includes(fact)) ? [] : [each.cause];
  });
}
