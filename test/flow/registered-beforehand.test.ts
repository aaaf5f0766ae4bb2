import { describe, expect, test } from "vitest";
import { accept } from "../../src/flow/accept.ts";
import { decide } from "../../src/flow/decide.ts";
import type { Candidate } from "../../src/flow/known.ts";
import { fingerprintOf } from "../../src/model/credentials.ts";
import { token } from "../model/tokens.ts";
import { camera, configured, intent, play, receivedOf } from "./story.ts";

const facts = { naming: { kind: "fixed", name: "Gate 7" }, inAdvance: token("known-token") } as const;

const proved = ["write down Gate 7 with known-token", "probe known-token", "ask for Gate 7 with known-token"];

test("a token known in advance is written down and probed; accepted, the device is claimed before it is committed", () => {
  expect(play(camera(facts), ["accepted", "SUCCESS"])).toEqual([...proved, "commit Gate 7 with known-token"]);
});

test("a claim that is refused is asked once more, and the proved token is kept", () => {
  const told = [...proved, "wait 1 s", "ask for Gate 7 with known-token", "commit Gate 7 with known-token"];
  expect(play(camera(facts), ["accepted", "FAILURE", "FAILURE"])).toEqual(told);
});

test("a claim with a key that the server does not know takes nothing away from the proved token", () => {
  expect(play(camera(facts), ["accepted", "NOT_FOUND"])).toEqual([...proved, "commit Gate 7 with known-token"]);
});

test("a claim that nobody answers is asked as often as any request, and the proved token is kept", () => {
  const told = play(camera(facts), ["accepted", "silence", "unreachable", "silence", "unreachable"]);
  expect(told.filter((step) => step.startsWith("wait"))).toEqual(["wait 1 s", "wait 2 s", "wait 4 s"]);
  expect(told.at(-1)).toBe("commit Gate 7 with known-token");
});

test("a claim that is out of time is left, and the proved token is kept", () => {
  const proof = { candidate: candidateOf("known-token"), deviceId: null };
  const asked = accept(accept(camera(facts), { event: "probe-accepted", proof }), { event: "lost", code: "NO_ANSWER" });
  expect(decide(asked).do).toBe("wait");
  expect(decide(accept(asked, { event: "out-of-time" }))).toMatchObject({ do: "commit", certain: true });
});

describe("a claim that is answered with another token", () => {
  const given = { SUCCESS: "the name's token" } as const;
  const journal = {
    intents: [intent(1, { deviceName: "Gate 7", credentials: token("known-token"), knownInAdvance: true })],
    received: [
      {
        ...receivedOf(intent(1, { deviceName: "Gate 7" }), 1, given.SUCCESS),
        contradicts: fingerprintOf(token("known-token")),
      },
    ],
  };

  test("shows that name and token are of two devices: nothing is committed", () => {
    expect(play(camera(facts), ["accepted", given])).toEqual([...proved, "stop: CREDENTIALS_OF_ANOTHER_DEVICE"]);
  });

  test("ends the next run with the same inputs in the same way, without asking again", () => {
    const told = play(camera({ ...facts, journal }), ["accepted"]);
    expect(told).toEqual(["probe known-token and the name's token", "stop: CREDENTIALS_OF_ANOTHER_DEVICE"]);
  });

  test("is used once the wrong token is taken out of provision.json", () => {
    const told = play(camera({ naming: facts.naming, journal }), ["accepted"]);
    expect(told).toEqual(["probe the name's token", "commit Gate 7 with the name's token"]);
  });

  test("is used at once where the wrong token was taken out while the camera was off", () => {
    const known = camera({ naming: facts.naming, journal: { ...journal, received: [] } });
    expect(play(known, ["accepted", given, "accepted"])).toEqual([
      "probe known-token",
      "ask for Gate 7 with known-token",
      "probe the name's token",
      "commit Gate 7 with the name's token",
    ]);
  });

  test("is not used for another name: with the right one, its token is claimed", () => {
    const told = play(camera({ ...facts, naming: { kind: "fixed", name: "Gate 8" }, journal }), [
      "accepted",
      "SUCCESS",
    ]);
    expect(told).toEqual([
      "probe known-token",
      "write down Gate 8 with known-token",
      "ask for Gate 8 with known-token",
      "commit Gate 8 with known-token",
    ]);
  });

  test("makes the next name one with a token of the camera's own where no token is known any more", () => {
    const told = play(camera({ naming: { kind: "fixed", name: "Gate 8" }, journal }), []);
    expect(told[0]).toBe("write down Gate 8 with own-token");
  });
});

test("a token that is let in before the answer to its request comes is committed, and not claimed", () => {
  expect(play(camera(facts), ["refused", "proved early"]).at(-1)).toBe("commit Gate 7 with known-token");
});

test("a token that was refused before the request and is let in after it is what the request has made", () => {
  expect(play(camera(facts), ["refused", "silence", "accepted"]).at(-1)).toBe("commit Gate 7 with known-token");
});

function candidateOf(text: string): Candidate {
  return { origin: "known in advance", credentials: token(text), deviceName: "Gate 7", deviceId: null };
}

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
