import type { FailedState } from "./provisioning-status.ts";

/** The specification's four categories. */
export type ErrorType = "NETWORK" | "AUTH" | "VALIDATION" | "SERVER";

/** A row of the error table. A new code does not compile until all of it is chosen. */
export interface ErrorKind {
  readonly type: ErrorType;
  /** Seconds after which another run is worth its while; `never`: somebody must do something first. */
  readonly retryAfterSeconds: number | "never";
  /** The state in which a run ends; `unchanged` where the run goes on later as if it had not been stopped. */
  readonly state: FailedState | "unchanged";
  /** sysexits(3) where they fit. */
  readonly exitStatus: 64 | 70 | 73 | 74 | 75 | 77 | 78 | 130 | 143;
  readonly meaning: string;
  /** The most usual first. */
  readonly causes: readonly string[];
  readonly onTheDevice: readonly string[];
  readonly onTheServer: readonly string[];
}
