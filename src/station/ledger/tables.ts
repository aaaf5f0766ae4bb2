import type { Generated } from "kysely";

/** Where a camera of the list stands. A row that is `running` without a valid lease is anybody's. */
export type CameraState = "new" | "running" | "waiting" | "proved" | "failed";

export const cameraStates: readonly CameraState[] = ["new", "running", "waiting", "proved", "failed"];

/** The job of one camera. Moments are milliseconds since 1970 by the database's clock. */
export interface CameraTable {
  readonly serial: string;
  /** The order of the import. */
  readonly position: number;
  /** Null until the first run, where the list has none. */
  readonly device_name: string | null;
  readonly label: string | null;
  /** The other columns of the list, as JSON. */
  readonly others: string;
  readonly state: Generated<CameraState>;
  readonly attempt_id: Generated<string | null>;
  /** The intent, with the secret in it, sealed. Written once, before anything is sent, and never changed. */
  readonly intent: Generated<string | null>;
  readonly device_id: Generated<string | null>;
  readonly credentials_type: Generated<string | null>;
  /** Until when the station has the row to itself; 0: nobody has it. */
  readonly leased_until: Generated<number>;
  /** Grows with every claim: only who has the newest writes what came of it. */
  readonly fence: Generated<number>;
  readonly station: Generated<string | null>;
  /** Not to be tried again before. */
  readonly not_before: Generated<number>;
  readonly tries: Generated<number>;
  readonly cause: Generated<string | null>;
  readonly cause_message: Generated<string | null>;
  readonly changed_at: Generated<number>;
}

/** What the server gave, sealed: an answer that it may say only once is kept, no matter who holds the lease by then. */
export interface AnswerTable {
  readonly serial: string;
  readonly number: number;
  readonly answer: string;
}

/** What is true of the ledger as a whole. */
export interface SettingTable {
  readonly name: "version" | "key" | "server";
  readonly value: string;
}

export interface Tables {
  readonly camera: CameraTable;
  readonly answer: AnswerTable;
  readonly setting: SettingTable;
}
