import { expect, test } from "vitest";
import { token } from "../model/tokens.ts";
import { camera, configured, intent, play } from "./story.ts";

const facts = { naming: { kind: "fixed", name: "Gate 7" }, inAdvance: token("known-token") } as const;

test("a token known in advance is written down and probed; accepted, it is committed without a request", () => {
  expect(play(camera(facts), ["accepted"])).toEqual([
    "write down Gate 7 with known-token",
    "probe known-token",
    "commit Gate 7 with known-token",
  ]);
});

test("a token known in advance that is refused is offered like our own, without a wait", () => {
  expect(play(camera(facts), ["refused", "SUCCESS", "accepted"])).toEqual([
    "write down Gate 7 with known-token",
    "probe known-token",
    "look again",
    "ask for Gate 7 with known-token",
    "probe known-token",
    "commit Gate 7 with known-token",
  ]);
});

test("a token that is told only after an attempt began is probed beside the attempt's own", () => {
  const journal = { intents: [intent(1, { deviceName: "Gate 7" })], received: [] };
  const known = camera({ ...facts, journal });
  expect(play(known, [{ accepted: "known-token" }])).toEqual([
    "probe known-token and own-token",
    "commit Gate 7 with known-token",
  ]);
  expect(play(known, ["refused"]).slice(1)).toEqual(["look again", "ask for Gate 7 with own-token"]);
});

test("a reply that was lost for a claimed device ends with what the administrator must do", () => {
  const { naming } = facts;
  const told = play(camera({ naming }), ["silence", "refused", "FAILURE", "refused", "FAILURE", "refused"]);
  expect(told.at(-1)).toBe("stop: DEVICE_REFUSED");
});

test("a token known in advance that the server has revoked is never offered again", () => {
  const known = camera({ ...facts, configured: configured("known-token"), configuredHere: true });
  const told = play(known, ["refused", "refused", "SUCCESS", "accepted"]);
  expect(told).toEqual([
    "probe known-token",
    "wait 1 s",
    "probe known-token",
    "write down Gate 7 with own-token",
    "look again",
    "ask for Gate 7 with own-token",
    "probe own-token",
    "commit Gate 7 with own-token",
  ]);
});

test("a token known in advance that another server's configuration holds is offered here all the same", () => {
  const known = camera({ ...facts, configured: configured("known-token"), configuredHere: false });
  expect(play(known, [])[0]).toBe("write down Gate 7 with known-token");
});

test("a token known in advance that was refused under another name is not asked about once more", () => {
  const journal = {
    intents: [intent(1, { deviceName: "Gate 6", credentials: token("known-token") })],
    received: [],
  };
  expect(play(camera({ ...facts, journal }), ["refused", "SUCCESS"])).toEqual([
    "probe known-token",
    "write down Gate 7 with known-token",
    "look again",
    "ask for Gate 7 with known-token",
    "probe known-token",
  ]);
});
