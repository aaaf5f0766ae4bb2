import { readFileSync, writeFileSync } from "node:fs";
import * as v from "valibot";
import { milliseconds } from "../../../src/base/duration.ts";
import { type Exchange, parseState, type SimulatorState } from "../../../src/simulator/index.ts";
import { exchangeOf } from "../../../src/simulator/record/history.ts";
import type { Run } from "../harness/invariants.ts";

/** What the world besides the disk was like at a mark in the log of the disk. */
export interface Scene {
  /** How many packets the server had heard and said. */
  readonly heard: number;
  readonly server: SimulatorState;
  /** Whether the command had ended by itself. */
  readonly hasEnded: boolean;
}

/** Tells apart what can make a difference to a camera that wakes up. */
export function worldOf({ server, hasEnded }: Scene): string {
  return JSON.stringify([server, hasEnded]);
}

/** What happened in the second kernel while the disk was logged. */
export interface Story {
  /** By the number in the mark. */
  readonly scenes: readonly Scene[];
  readonly heard: readonly Exchange[];
  readonly run: Run;
}

export const storyName = "story.json";

const exchangeSchema = v.object({
  connection: v.number(),
  at: v.pipe(
    v.string(),
    v.transform((text) => new Date(text)),
  ),
  elapsed: v.pipe(v.number(), v.transform(milliseconds)),
  from: v.picklist(["client", "server"]),
  bytes: v.pipe(
    v.string(),
    v.transform((text) => Buffer.from(text, "base64")),
  ),
  segment: v.number(),
  level: v.picklist([3, 4, 5]),
});

const storySchema = v.object({
  scenes: v.array(v.object({ heard: v.number(), server: v.unknown(), hasEnded: v.boolean() })),
  heard: v.array(exchangeSchema),
  run: v.object({
    parameters: v.array(v.string()),
    exitStatus: v.nullable(v.number()),
    output: v.string(),
    seconds: v.number(),
    hindered: v.boolean(),
  }),
});

export function writeStory(path: string, { scenes, heard, run }: Story): void {
  const exchanges = heard.map(({ bytes, ...rest }) => ({ ...rest, bytes: Buffer.from(bytes).toString("base64") }));
  writeFileSync(path, JSON.stringify({ scenes, heard: exchanges, run }));
}

export function readStory(path: string): Story {
  const { scenes, heard, run } = v.parse(storySchema, JSON.parse(readFileSync(path, "utf8")));
  return {
    scenes: scenes.map((scene) => ({ ...scene, server: stateIn(scene.server) })),
    heard: heard.map(exchangeOf),
    run,
  };
}

function stateIn(input: unknown): SimulatorState {
  const state = parseState(input);
  if (!state.ok) throw new Error("the second kernel told of a server that cannot be");
  return state.value;
}
