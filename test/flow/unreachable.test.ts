import { expect, test } from "vitest";
import { camera, configured, intent, play } from "./story.ts";

test("a server that cannot be reached is asked four times, and nothing is probed, since nothing was sent", () => {
  const told = play(camera(), ["unreachable", "unreachable", "unreachable", "unreachable"]);
  expect(told).toEqual([
    "write down cam-NAME01 with own-token",
    "look again",
    "ask for cam-NAME01 with own-token",
    "wait 1 s",
    "ask for cam-NAME01 with own-token",
    "wait 2 s",
    "ask for cam-NAME01 with own-token",
    "wait 4 s",
    "ask for cam-NAME01 with own-token",
    "stop: CONNECTION_REFUSED",
  ]);
});

test("an intent of an earlier run is never given up because nobody answers", () => {
  const known = camera({ journal: { intents: [intent(1)], received: [] } });
  expect(play(known, ["unreachable", "unreachable", "unreachable", "unreachable"])).toEqual([
    "probe own-token",
    "wait 1 s",
    "probe own-token",
    "wait 2 s",
    "probe own-token",
    "wait 4 s",
    "probe own-token",
    "stop: CONNECT_TIMEOUT",
  ]);
});

test("credentials that were there already are never given up because nobody answers", () => {
  const known = camera({ configured: configured("old-token"), configuredHere: true });
  const told = play(known, ["unreachable", "unreachable", "unreachable", "unreachable"]);
  expect(told.at(-1)).toBe("stop: CONNECT_TIMEOUT");
  expect(told.join()).not.toMatch(/write down|ask/);
});
