import type { Known } from "../../../src/flow/known.ts";
import type { Server } from "../../faults/judgement/world.ts";
import type { Row } from "./model-ledger.ts";

/**
 * A world small enough to be walked completely: one camera's row in a ledger, the server, and two stations that may
 * both believe to have the camera. Everything is a plain value, and nothing is ever changed.
 */
export interface World {
  readonly row: Row;
  readonly server: Server;
  /** The token in the camera's folder, which appears complete or not at all. */
  readonly folder: string | null;
  /** What each station is at; undefined: nothing. */
  readonly stations: readonly (Work | undefined)[];
  /** How many faults may still happen. */
  readonly faults: number;
  /** Secrets made so far, so that each intent has one of its own. */
  readonly secrets: number;
  /** How often the server said something untrue: FAILURE for a hiccup, or "refused" of what it knows. */
  readonly misled: number;
  /** What the server says only once was said to nobody: the answer was lost, or died with the station that heard it. */
  readonly isUnheard: boolean;
}

/** A station at work on the camera. */
export interface Work {
  readonly fence: number;
  /** Undefined: the journal in the ledger is not read yet. */
  readonly known: Known | undefined;
  /** What it does before it asks its judgement again. */
  readonly queue: readonly Act[];
}

export type Act =
  | { readonly act: "write the answer"; readonly token: string }
  /** Registration: after a refusal, what the server has under the camera's name. */
  | { readonly act: "look the device up" }
  | { readonly act: "log in" }
  | { readonly act: "write the secret"; readonly token: string }
  | { readonly act: "write the files"; readonly token: string }
  | { readonly act: "finish"; readonly as: "proved" | "failed" | "waiting" };

export const stationNames = ["one", "other"] as const;
export const deviceName = "thermal-camera-C-1";

export function withWork(world: World, index: number, work: Work | undefined): World {
  return { ...world, stations: world.stations.map((other, at) => (at === index ? work : other)) };
}

export function spend(world: World): World {
  return { ...world, faults: world.faults - 1 };
}
