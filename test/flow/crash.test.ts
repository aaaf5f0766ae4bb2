import { expect, test } from "vitest";
import { fingerprintOf } from "../../src/model/credentials.ts";
import { attemptId, camera, configured, intent, play, receivedOf } from "./story.ts";

const began = { intents: [intent(1)], received: [] };

test("an intent of an earlier run is probed before anything is sent: its request may have arrived", () => {
  expect(play(camera({ journal: began }), ["accepted"])).toEqual([
    "probe own-token",
    "commit cam-NAME01 with own-token",
  ]);
});

test("an intent that the server does not know goes on, without a wait, with the same name and token", () => {
  expect(play(camera({ journal: began }), ["refused", "SUCCESS", "accepted"])).toEqual([
    "probe own-token",
    "look again",
    "ask for cam-NAME01 with own-token",
    "probe own-token",
    "commit cam-NAME01 with own-token",
  ]);
});

test("a configuration that carries the attempt is only finished: nobody is asked", () => {
  const done = configured("own-token", { attemptId });
  expect(play(camera({ journal: began, configured: done, configuredHere: true }), [])).toEqual(["finish"]);
  const received = [receivedOf(intent(1))];
  expect(play(camera({ journal: { intents: [], received }, configured: done }), [])).toEqual(["finish"]);
});

test("the former credentials are asked about again: the intent may have been made for a mistyped key", () => {
  const former = configured("old-token");
  const replacing = { intents: [intent(1, { replaces: fingerprintOf(former.credentials) })], received: [] };
  const known = camera({ journal: replacing, configured: former, configuredHere: true });
  expect(play(known, ["refused", "accepted"]).slice(0, 2)).toEqual(["probe own-token", "probe old-token"]);
});

test("a later name of an earlier run goes on; which of the names won is not certain when only the probe speaks", () => {
  const journal = { intents: [intent(1), intent(2)], received: [] };
  expect(play(camera({ journal }), ["accepted"])).toEqual([
    "probe own-token",
    "commit cam-NAME02 with own-token, the name is not certain",
  ]);
  expect(play(camera({ journal }), ["refused", "SUCCESS", "accepted"]).at(-1)).toBe("commit cam-NAME02 with own-token");
});

test("three names of an earlier run are all that there are", () => {
  const journal = { intents: [intent(1), intent(2), intent(3)], received: [] };
  const told = play(camera({ journal }), ["refused", "FAILURE", "refused", "FAILURE", "refused"]);
  expect(told.at(-1)).toBe("stop: NAMES_REFUSED");
});

test("a name that provision.json no longer wants gives way, with the same token", () => {
  const journal = { intents: [intent(1, { deviceName: "Gate 6" })], received: [] };
  const known = camera({ journal, naming: { kind: "fixed", name: "Gate 7" } });
  expect(play(known, ["refused", "SUCCESS", "accepted"])).toEqual([
    "probe own-token",
    "write down Gate 7 with own-token",
    "look again",
    "ask for Gate 7 with own-token",
    "probe own-token",
    "commit Gate 7 with own-token",
  ]);
});

test("a record whose intents are removed already is still asked about: it may be all that there is", () => {
  const received = [receivedOf(intent(1), 1, "server-token")];
  expect(play(camera({ journal: { intents: [], received } }), ["accepted"])).toEqual([
    "probe server-token",
    "commit cam-NAME01 with server-token",
  ]);
});

test("names of another prefix do not count among the three", () => {
  const names = ["old-AAAAA1", "old-AAAAA2", "old-AAAAA3"];
  const intents = names.map((deviceName, index) => intent(index + 1, { deviceName }));
  const told = play(camera({ journal: { intents, received: [] } }), [
    "refused",
    "FAILURE",
    "refused",
    "FAILURE",
    "refused",
  ]);
  expect(told.filter((step) => step.startsWith("write down"))).toEqual([
    "write down cam-NAME04 with own-token",
    "write down cam-NAME05 with own-token",
  ]);
});

test("after a SUCCESS of any run a name that is refused is no matter of names: the server lets its own device not in", () => {
  const journal = { intents: [intent(1)], received: [receivedOf(intent(1))] };
  const told = play(camera({ journal }), ["refused", "FAILURE", "refused", "FAILURE", "refused"]);
  expect(told.at(-1)).toBe("stop: DEVICE_LOCKED_OUT");
  const three = { ...journal, intents: [intent(1), intent(2), intent(3)] };
  const last = play(camera({ journal: three }), ["refused", "FAILURE", "refused", "FAILURE", "refused"]);
  expect(last.at(-1)).toBe("stop: DEVICE_LOCKED_OUT");
});
