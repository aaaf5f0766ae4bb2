import { expect, it } from "vitest";
import { patience, playHistories } from "./histories.ts";
import { mistakes } from "./mistakes.ts";

it("what goes wrong is told with a seed and a path that play the very same history again", patience, async () => {
  const mistake = mistakes.find(({ breaks }) => breaks === "I24");
  if (mistake === undefined) throw new Error("no mistake breaks I24");
  const instead = { wrap: mistake.port, only: mistake.breaks };
  const first = await playHistories([mistake.on], { seed: 1, path: undefined, kind: "MQTT_BASIC", instead });
  const [told = ""] = first.broken.map(({ what }) => what);
  const [, seed, path] = /^FAULT_SEED=(-?\d+) FAULT_PATH=(\S+) FAULT_KIND=MQTT_BASIC plays it again\n/.exec(told) ?? [];
  const again = await playHistories([mistake.on], { seed: Number(seed), path, kind: "MQTT_BASIC", instead });
  // The same history, with the same violations and the same story.
  expect(again.broken).toEqual(first.broken);
  expect(first.broken[0]?.violations.map(({ invariant }) => invariant)).toContain("I24");
});
