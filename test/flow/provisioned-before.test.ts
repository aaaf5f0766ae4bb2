import { expect, test } from "vitest";
import { accept } from "../../src/flow/accept.ts";
import { decide } from "../../src/flow/decide.ts";
import { fingerprintOf } from "../../src/model/credentials.ts";
import { camera, configured, intent, play } from "./story.ts";

const before = { configured: configured("old-token"), configuredHere: true };
const again = [
  "write down cam-NAME01 with own-token",
  "look again",
  "ask for cam-NAME01 with own-token",
  "probe own-token",
  "commit cam-NAME01 with own-token",
];

test("credentials for this server and key that still work are kept: nothing new is made", () => {
  expect(play(camera(before), ["accepted"])).toEqual(["probe old-token", "keep old-token"]);
});

test("refused twice, a wait apart: provisioned again with a new token", () => {
  expect(play(camera(before), ["refused", "refused", "SUCCESS", "accepted"])).toEqual([
    "probe old-token",
    "wait 1 s",
    "probe old-token",
    ...again,
  ]);
});

test("refused once and then accepted: kept", () => {
  expect(play(camera(before), ["refused", "accepted"]).at(-1)).toBe("keep old-token");
});

test("refused once and then not answered: later, and the credentials stay", () => {
  const told = play(camera(before), ["refused", "unreachable", "unreachable", "unreachable"]);
  expect(told.at(-1)).toBe("stop: CONNECT_TIMEOUT");
  expect(told.join()).not.toContain("write down");
});

test("credentials for another server or another key are not asked about: provisioned again", () => {
  expect(play(camera({ ...before, configuredHere: false }), ["SUCCESS", "accepted"])).toEqual(again);
});

test("--new-identity makes a new device without asking about the old one", () => {
  expect(play(camera({ ...before, newIdentity: true }), ["SUCCESS", "accepted"])).toEqual(again);
});

test("credentials that somebody wrote after the intent was made are asked about", () => {
  const known = camera({ ...before, journal: { intents: [intent(1)], received: [] } });
  expect(play(known, ["refused", "accepted"])).toEqual(["probe own-token", "probe old-token", "keep old-token"]);
});

test("refused credentials are not asked about again when the configuration is read again", () => {
  const told = play(camera(before), ["refused", "refused", "SUCCESS", "accepted"]);
  expect(told.filter((step) => step === "probe old-token")).toHaveLength(2);
});

test("--new-identity that was cut off goes on without asking about the former credentials, also without the option", () => {
  const { configured: former } = before;
  const replaces = fingerprintOf(former.credentials);
  const intents = [intent(1, { replaces }), intent(2, { replaces, newIdentity: true })];
  const known = camera({ ...before, journal: { intents, received: [] } });
  expect(play(known, ["refused"]).slice(0, 2)).toEqual(["probe own-token", "look again"]);
});

test("--new-identity asks about credentials that are not those which it was to replace", () => {
  const journal = { intents: [intent(1, { replaces: "0123456789abcdef", newIdentity: true })], received: [] };
  const known = camera({ ...before, journal, newIdentity: true });
  expect(play(known, ["refused"]).slice(0, 2)).toEqual(["probe own-token", "probe old-token"]);
});

test("other credentials than the refused ones, found when the configuration is read again, are asked about", () => {
  const looksAgain = { configured: configured("newer-token"), configuredHere: true };
  const told = play(camera(before), ["refused", "refused", "accepted"], { looksAgain });
  expect(told.slice(-3)).toEqual(["look again", "probe newer-token", "keep newer-token"]);
});

test("the wait after their first refusal is told as what it is", () => {
  expect(decide(accept(camera(before), { event: "probe-refused" }))).toMatchObject({
    do: "wait",
    because: "FORMER_CREDENTIALS_REFUSED",
  });
});
