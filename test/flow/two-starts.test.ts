import { expect, test } from "vitest";
import { accept } from "../../src/flow/accept.ts";
import { token } from "../model/tokens.ts";
import { attemptId, camera, configured, intent, play } from "./story.ts";

const theirs = { intents: [intent(1, { credentials: token("their-token") })], received: [] };

test("an intent that another run wrote first counts: it is probed, and ours was never sent", () => {
  const told = play(camera(), ["refused", "SUCCESS", "accepted"], { outrun: theirs });
  expect(told).toEqual([
    "write down cam-NAME01 with own-token",
    "probe their-token",
    "look again",
    "ask for cam-NAME01 with their-token",
    "probe their-token",
    "commit cam-NAME01 with their-token",
  ]);
});

test("a configuration that another run wrote meanwhile is only finished", () => {
  const looksAgain = { configured: configured("own-token", { attemptId }), configuredHere: true };
  expect(play(camera(), [], { looksAgain })).toEqual(["write down cam-NAME01 with own-token", "look again", "finish"]);
});

test("credentials of another attempt that came meanwhile are probed before anything is sent, and kept", () => {
  const looksAgain = { configured: configured("their-token"), configuredHere: true };
  expect(play(camera(), ["accepted"], { looksAgain })).toEqual([
    "write down cam-NAME01 with own-token",
    "look again",
    "probe their-token",
    "keep their-token",
  ]);
});

test("credentials for another server that came meanwhile change nothing", () => {
  const looksAgain = { configured: configured("their-token"), configuredHere: false };
  expect(play(camera(), ["SUCCESS", "accepted"], { looksAgain }).at(-1)).toBe("commit cam-NAME01 with own-token");
});

test("an intent of another run that is gone when the journal is read: that run has finished, so look before anything else", () => {
  const nothing = { intents: [], received: [] };
  const looksAgain = { configured: configured("their-token"), configuredHere: true };
  const known = accept(camera(), { event: "journal-read", journal: nothing });
  expect(play(known, ["accepted"], { looksAgain })).toEqual([
    "write down cam-NAME01 with own-token",
    "look again",
    "probe their-token",
    "keep their-token",
  ]);
});
