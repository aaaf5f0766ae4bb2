import { describe, expect, it, vi } from "vitest";
import { explore } from "./explore.ts";
import { mutants } from "./mutants.ts";
import { settings } from "./worlds.ts";

// `npm run test:faults -- judgement` walks all of them, and one fault deeper; these are the shortest histories.
const mostStates = 30_000;

// Two minutes of a busy machine: the exploration itself takes some seconds.
const patience = 120_000;

describe("the judgement, in every interleaving with a world that fails up to three times", () => {
  it.each(Object.values(settings))(
    "$name: one device at most, nothing lost, a justified end",
    ({ world, rules, faults }) => {
      const { states, violation } = explore(world(faults - 1), rules, mostStates);
      expect(violation).toBeUndefined();
      expect(states).toBeGreaterThan(500);
    },
    patience,
  );
});

it("sees no clock, so none that goes back can mislead it; a moment in a record throws when it is read (world.ts)", () => {
  vi.stubGlobal("Date", undefined);
  vi.stubGlobal("performance", undefined);
  try {
    const { violation } = explore(settings.twoServers.world(2), settings.twoServers.rules);
    expect(violation).toBeUndefined();
  } finally {
    vi.unstubAllGlobals();
  }
});

describe("a violation", () => {
  const stories = [
    { mutant: "former credentials are asked about first", story: "asks; SUCCESS" },
    {
      mutant: "a backup precedes the replacement",
      story: "asks; proved before its answer, is about to commit, does: write config",
    },
  ];

  it.each(stories)("is told by the shortest story that leads to it ($mutant)", ({ mutant, story }) => {
    const found = mutants.find(({ broken }) => broken === mutant);
    if (found === undefined) throw new Error("there is no such mutant");
    const { violation } = explore(found.setting.world(found.faults), found.setting.rules);
    const beginning = ["a run starts", "makes thermal-camera-NAME01", "does: sync", "reads the configuration again"];
    beginning.push("notes where it sends", "changes the folder: sent", "does: sync");
    expect(violation?.story.join(", ")).toBe([...beginning, story].join(", "));
  });
});

describe("the exploration notices when a rule of the judgement is broken", () => {
  it.each(mutants)(
    "$broken",
    ({ setting, faults }) => {
      const { violation } = explore(setting.world(faults), setting.rules);
      expect(violation).toBeDefined();
    },
    patience,
  );
});
