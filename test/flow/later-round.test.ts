import { expect, test } from "vitest";
import { camera, play } from "./story.ts";

const later = () => camera({ isLaterRound: true });
const begun = ["write down cam-NAME01 with own-token", "look again", "ask for cam-NAME01 with own-token"];

test("a server that cannot be reached is asked once in a later run of --wait; the first run has three retries", () => {
  const told = play(later(), ["unreachable"]);
  expect(told.slice(0, 3)).toEqual(begun);
  expect(told).toHaveLength(4);
  expect(told.at(-1)).toMatch(/^stop: /);
  const first = play(camera(), ["unreachable", "unreachable", "unreachable", "unreachable"]);
  expect(first.filter((step) => step.startsWith("wait"))).toEqual(["wait 1 s", "wait 2 s", "wait 4 s"]);
});

test("what a later run has asked for it goes on with, at the usual waits", () => {
  const told = play(later(), ["silence", "unreachable", "refused", "SUCCESS", "accepted"]);
  expect(told).toEqual([
    ...begun,
    "probe own-token",
    "wait 1 s",
    "probe own-token",
    "ask for cam-NAME01 with own-token",
    "probe own-token",
    "commit cam-NAME01 with own-token",
  ]);
});

test("a later run waits before it asks a second time about a name that was refused", () => {
  const told = play(later(), ["FAILURE", "refused", "SUCCESS", "accepted"]);
  expect(told).toEqual(play(camera(), ["FAILURE", "refused", "SUCCESS", "accepted"]));
  expect(told).toContain("wait 1 s");
});
