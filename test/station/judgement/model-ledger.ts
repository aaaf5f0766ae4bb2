import type { CameraState } from "../../../src/station/ledger/tables.ts";

/** One camera's row of the ledger, with the answers that belong to it, as a plain value. */
export interface Row {
  readonly state: CameraState;
  /** The secret that was written down; null: none yet. */
  readonly intent: string | null;
  /** The secrets that the server gave, in the order in which they came. */
  readonly answers: readonly string[];
  /** Who claimed it last. */
  readonly station: string | null;
  /** Whether the time of that claim is not over. */
  readonly isLeased: boolean;
  readonly fence: number;
}

export const newRow: Row = {
  state: "new",
  intent: null,
  answers: [],
  station: null,
  isLeased: false,
  fence: 0,
};

/** What the ledger must not leave out; a mutant does. */
export type Omission = "none" | "no fence" | "not exclusive" | "fenced answers" | "answers in silence";

/** Each statement of the ledger is one step: all of it happens, or nothing. Undefined: it is somebody's. */
export function claim(row: Row, station: string): Row | undefined {
  const isFree = row.state === "new" || row.state === "waiting" || (row.state === "running" && !row.isLeased);
  return isFree ? { ...row, state: "running", station, isLeased: true, fence: row.fence + 1 } : undefined;
}

/** Undefined: it is another's by now. */
export function renew(row: Row, station: string): Row | undefined {
  return row.state === "running" && row.station === station ? { ...row, isLeased: true } : undefined;
}

export function giveBack(row: Row, station: string): Row {
  return row.state === "running" && row.station === station ? unclaimed(row) : row;
}

/** The time of the claim is over. */
export function endLease(row: Row): Row {
  return { ...row, isLeased: false };
}

export function writeIntent(
  row: Row,
  fence: number,
  token: string,
  omission: Omission = "none",
): { readonly row: Row; readonly said: "written" | "exists" | "lease lost" } {
  if (row.fence === fence && (row.intent === null || omission === "not exclusive")) {
    return { row: { ...row, intent: token }, said: "written" };
  }
  return { row, said: row.intent === null ? "lease lost" : "exists" };
}

/** An answer is written whoever has the camera by then, and whoever did not know of it has the camera no longer. */
export function writeReceived(row: Row, fence: number, token: string, omission: Omission = "none"): Row {
  if (omission === "fenced answers" && row.fence !== fence) return row;
  const written = { ...row, answers: [...row.answers, token] };
  const isUnaware = row.state === "failed" || (row.state === "running" && row.fence !== fence);
  return isUnaware && omission !== "answers in silence" ? toBeTried(written) : written;
}

/** Undefined: another has claimed it since. */
export function finish(
  row: Row,
  fence: number,
  state: "proved" | "failed" | "waiting",
  omission: Omission = "none",
): Row | undefined {
  if (row.fence !== fence && omission !== "no fence") return undefined;
  return { ...row, state, isLeased: false };
}

/** What a person does with `station retry`. */
export function retry(row: Row): Row {
  return row.state === "failed" ? toBeTried(row) : row;
}

/** Whoever had it writes no result any more. */
function toBeTried(row: Row): Row {
  return { ...unclaimed(row), fence: row.fence + 1 };
}

function unclaimed(row: Row): Row {
  return { ...row, state: row.intent === null ? "new" : "waiting", isLeased: false };
}
