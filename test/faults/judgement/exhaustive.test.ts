import { describe, expect, it } from "vitest";
import { explore } from "./explore.ts";
import { mutants } from "./mutants.ts";
import { settings } from "./worlds.ts";

// `npm run test:faults -- judgement` walks all of them, and deeper; breadth first, these are the shortest histories.
const mostStates = 30_000;

// Two minutes of a busy machine: the exploration itself takes some seconds.
const patience = 120_000;

describe("the judgement, in every interleaving with a world that fails up to three times", () => {
  it.each(Object.values(settings))(
    "$name: one device at most, nothing lost, a justified end",
    ({ world, rules }) => {
      // Two runs multiply the states: the failing of the lock is one of their two faults.
      const { states, violation } = explore(world(rules.runs === 2 ? 2 : 3), rules, mostStates);
      expect(violation).toBeUndefined();
      expect(states).toBeGreaterThan(500);
    },
    patience,
  );
});

describe("a violation", () => {
  const stories = [
    { mutant: "no commit without proof", story: "asks; the request is lost" },
    {
      mutant: "a backup precedes the replacement",
      story: "asks; the answer is lost, probes: probe-accepted, is about to commit, does: write config",
    },
  ];

  it.each(stories)("is told by the shortest story that leads to it ($mutant)", ({ mutant, story }) => {
    const found = mutants.find(({ broken }) => broken === mutant);
    if (found === undefined) throw new Error("there is no such mutant");
    const { violation } = explore(found.setting.world(found.faults), found.setting.rules);
    const beginning = ["a run starts", "makes thermal-camera-NAME01", "does: sync", "reads the configuration again"];
    expect(violation?.story.join(", ")).toBe([...beginning, story].join(", "));
  });
});

describe("the exploration notices when a rule of the design is broken", () => {
  it.each(mutants)(
    "$broken",
    ({ setting, faults }) => {
      const { violation } = explore(setting.world(faults), setting.rules);
      expect(violation).toBeDefined();
    },
    patience,
  );
});
