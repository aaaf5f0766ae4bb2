import { expect, test } from "vitest";
import { camera, play } from "./story.ts";

const firstAsking = [
  "write down cam-NAME01 with own-token",
  "look again",
  "ask for cam-NAME01 with own-token",
  "probe own-token",
];

test("silence, but the token works: the reply was lost, commit without a second request", () => {
  expect(play(camera(), ["silence", "accepted"])).toEqual([...firstAsking, "commit cam-NAME01 with own-token"]);
});

test("silence and a refused token prove nothing: back off, then the very same request", () => {
  expect(play(camera(), ["silence", "refused", "SUCCESS", "accepted"])).toEqual([
    ...firstAsking,
    "wait 1 s",
    "ask for cam-NAME01 with own-token",
    "probe own-token",
    "commit cam-NAME01 with own-token",
  ]);
});

test("silence for good: waits of 1, 2 and 4 seconds, four requests with one name, then later", () => {
  const again = ["silence", "refused"] as const;
  const told = play(camera(), [...again, ...again, ...again, ...again]);
  expect(told.filter((step) => step.startsWith("wait"))).toEqual(["wait 1 s", "wait 2 s", "wait 4 s"]);
  expect(told.filter((step) => step.startsWith("ask"))).toEqual(Array(4).fill("ask for cam-NAME01 with own-token"));
  expect(told.at(-1)).toBe("stop: NO_ANSWER");
});

test("silence, and nobody answers the probe: it is probed again after a wait, before another request", () => {
  expect(play(camera(), ["silence", "unreachable", "accepted"])).toEqual([
    ...firstAsking,
    "wait 1 s",
    "probe own-token",
    "commit cam-NAME01 with own-token",
  ]);
});

test("a probe that is refused after a wait leads to the next request without one more wait", () => {
  expect(play(camera(), ["silence", "unreachable", "refused", "SUCCESS", "accepted"])).toEqual([
    ...firstAsking,
    "wait 1 s",
    "probe own-token",
    "ask for cam-NAME01 with own-token",
    "probe own-token",
    "commit cam-NAME01 with own-token",
  ]);
});
