import { expect, test } from "vitest";
import { camera, play } from "./story.ts";

const beginning = ["write down cam-NAME01 with own-token", "look again", "ask for cam-NAME01 with own-token"];

test("SUCCESS with our own token: probe it, then commit", () => {
  expect(play(camera(), ["SUCCESS", "accepted"])).toEqual([
    ...beginning,
    "probe own-token",
    "commit cam-NAME01 with own-token",
  ]);
});

test("SUCCESS with another token, as of a device registered beforehand: it is committed when ours is refused", () => {
  expect(play(camera(), [{ SUCCESS: "server-token" }, { accepted: "server-token" }])).toEqual([
    ...beginning,
    "probe own-token and server-token",
    "commit cam-NAME01 with server-token",
  ]);
});

test("SUCCESS with another token, which was meant for another device: ours is probed first, and committed", () => {
  expect(play(camera(), [{ SUCCESS: "token-of-another" }, { accepted: "own-token" }])).toEqual([
    ...beginning,
    "probe own-token and token-of-another",
    "commit cam-NAME01 with own-token",
  ]);
});

test("the intent is written before anything is sent, and the configuration is read again just before", () => {
  expect(play(camera(), [])).toEqual(beginning);
});
