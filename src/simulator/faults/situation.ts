import type { Duration } from "../../base/duration.ts";
import type { Connection } from "../mqtt/connection.ts";

/** What the server would send, and how it would look with another payload or another code. */
export interface Answer {
  /** Made when they are sent: packet ids are given in that order. */
  readonly packets: () => readonly Uint8Array[];
  readonly withPayload?: (payload: string | Uint8Array) => readonly Uint8Array[];
  readonly withCode?: (code: number) => readonly Uint8Array[];
  /** What follows the answer: the close of a refused CONNECT, the timer of a provisioning session. */
  readonly afterwards?: () => void;
  /** Whether a request has made or claimed a device. */
  readonly succeeded?: boolean;
}

/** What the server is about to do when a fault comes in between. */
export interface Task {
  readonly connection: Connection;
  /** Does what was asked; called at most once. */
  readonly work: () => Answer | Promise<Answer>;
  /** What the client is told when the core says nothing; only where the core is asked. */
  readonly unanswered?: () => Promise<Answer>;
  /** Hears nothing any more; of a connection only. */
  readonly silence?: () => void;
  /** Answers that are not true; of a provisioning request only. */
  readonly falsely?: FalseAnswers;
}

export interface FalseAnswers {
  refused(status: "FAILURE" | "NOT_FOUND"): Answer;
  /** SUCCESS with what was asked for. */
  granted(): Answer;
  /** SUCCESS with the credentials of another device; of nobody's when there is none. */
  ofAnotherDevice(): { readonly answer: Answer; readonly exists: boolean };
}

/** The port, as far as a fault can close it. */
export interface Gate {
  stopAccepting(wait: number): void;
  restart(memory: "kept" | "lost", wait: number): Promise<void>;
}

/** A task in which a fault happens, and what the fault needs of the server. */
export interface Situation extends Task {
  readonly gate: Gate | undefined;
  /** Ends as a rejection when the server stops or starts again. */
  readonly sleep: (wait: Duration) => Promise<void>;
  /** Runs work beside the fault. */
  readonly run: (work: () => Promise<void>) => void;
  /** The fault has happened: said at the earliest moment at which the client can notice it. */
  readonly happened: () => void;
}
