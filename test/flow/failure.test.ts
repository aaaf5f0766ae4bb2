import { expect, test } from "vitest";
import { accept } from "../../src/flow/accept.ts";
import { decide } from "../../src/flow/decide.ts";
import type { Naming } from "../../src/model/device-name.ts";
import { camera, play } from "./story.ts";

const fixed: Naming = { kind: "fixed", name: "Gate 7" };
const asked = (name: string) => [`ask for ${name} with own-token`, "probe own-token"];
const firstAsking = ["write down cam-NAME01 with own-token", "look again", ...asked("cam-NAME01")];

test("FAILURE, but the token works: it was ours all along, commit", () => {
  expect(play(camera(), ["FAILURE", "accepted"])).toEqual([...firstAsking, "commit cam-NAME01 with own-token"]);
});

test("FAILURE and a refused token: the same name once more after the first wait, for a database may have hiccuped", () => {
  expect(play(camera(), ["FAILURE", "refused", "SUCCESS", "accepted"])).toEqual([
    ...firstAsking,
    "wait 1 s",
    ...asked("cam-NAME01"),
    "commit cam-NAME01 with own-token",
  ]);
});

test("FAILURE twice: a generated name gives way to the next, with the same token", () => {
  expect(play(camera(), ["FAILURE", "refused", "FAILURE", "refused", "SUCCESS", "accepted"])).toEqual([
    ...firstAsking,
    "wait 1 s",
    ...asked("cam-NAME01"),
    "write down cam-NAME02 with own-token",
    ...asked("cam-NAME02"),
    "commit cam-NAME02 with own-token",
  ]);
});

test("three names, each refused twice: it ends", () => {
  const twice = ["FAILURE", "refused", "FAILURE", "refused"] as const;
  const told = play(camera(), [...twice, ...twice, ...twice]);
  expect(told.filter((step) => step.startsWith("write down"))).toEqual([
    "write down cam-NAME01 with own-token",
    "write down cam-NAME02 with own-token",
    "write down cam-NAME03 with own-token",
  ]);
  expect(told.at(-1)).toBe("stop: NAMES_REFUSED");
});

test("a fixed name that is refused twice ends the run", () => {
  expect(play(camera({ naming: fixed }), ["FAILURE", "refused", "FAILURE", "refused"])).toEqual([
    "write down Gate 7 with own-token",
    "look again",
    ...asked("Gate 7"),
    "wait 1 s",
    ...asked("Gate 7"),
    "stop: DEVICE_REFUSED",
  ]);
});

test("the second asking has a wait of its own, though three were spent on reaching the server", () => {
  const answers = ["unreachable", "unreachable", "unreachable", "FAILURE", "refused", "SUCCESS", "accepted"] as const;
  const told = play(camera(), answers);
  expect(told.filter((step) => step.startsWith("wait"))).toEqual(["wait 1 s", "wait 2 s", "wait 4 s", "wait 1 s"]);
  expect(told.at(-1)).toBe("commit cam-NAME01 with own-token");
});

test("the wait after a FAILURE is told as what it is, not as a lost connection", () => {
  const known = accept(accept(camera(), { event: "failure" }), { event: "probe-refused" });
  expect(decide(known)).toMatchObject({ do: "wait", because: "REFUSAL_UNCONFIRMED" });
});

test("NOT_FOUND ends the run at once: a person must correct key or secret", () => {
  expect(play(camera(), ["NOT_FOUND"]).at(-1)).toBe("stop: PROVISION_DATA_NOT_FOUND");
});

test("a second FAILURE begins no new waits", () => {
  const told = play(camera(), ["FAILURE", "refused", "FAILURE", "unreachable"]);
  expect(told.filter((step) => step.startsWith("wait"))).toEqual(["wait 1 s", "wait 2 s"]);
});
