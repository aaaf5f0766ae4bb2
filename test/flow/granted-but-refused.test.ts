import { expect, test } from "vitest";
import { camera, intent, play, receivedOf } from "./story.ts";

const beginning = ["write down cam-NAME01 with own-token", "look again", "ask for cam-NAME01 with own-token"];
const journal = { intents: [intent(1)], received: [receivedOf(intent(1), 1, "server-token")] };

test("SUCCESS, and the probe is refused: probe again after each wait, then later; never a commit, never a new name", () => {
  expect(play(camera(), ["SUCCESS", "refused", "refused", "refused", "refused"])).toEqual([
    ...beginning,
    "probe own-token",
    "wait 1 s",
    "probe own-token",
    "wait 2 s",
    "probe own-token",
    "wait 4 s",
    "probe own-token",
    "stop: CREDENTIALS_REFUSED",
  ]);
});

test("SUCCESS, and the probe is not answered: the same, with the reason of the last try", () => {
  expect(play(camera(), ["SUCCESS", "refused", "unreachable", "unreachable", "unreachable"]).at(-1)).toBe(
    "stop: CONNECT_TIMEOUT",
  );
});

test("SUCCESS has waits of its own, though some were spent on the request", () => {
  const told = play(camera(), ["silence", "refused", "silence", "refused", "SUCCESS", "refused", "accepted"]);
  expect(told.filter((step) => step.startsWith("wait"))).toEqual(["wait 1 s", "wait 2 s", "wait 1 s"]);
});

test("a record of an earlier run is probed, after our own token if it holds another", () => {
  const accepted = { accepted: "server-token" } as const;
  expect(play(camera({ journal }), [accepted])).toEqual([
    "probe own-token and server-token",
    "commit cam-NAME01 with server-token",
  ]);
  const own = { intents: [intent(1)], received: [receivedOf(intent(1), 1)] };
  expect(play(camera({ journal: own }), ["accepted"])).toEqual(["probe own-token", "commit cam-NAME01 with own-token"]);
});

test("a record that is refused at a later start: the same request is sent again, and a newer record outranks it", () => {
  expect(play(camera({ journal }), ["refused", { SUCCESS: "newer-token" }, { accepted: "newer-token" }])).toEqual([
    "probe own-token and server-token",
    "look again",
    "ask for cam-NAME01 with own-token",
    "probe own-token and newer-token",
    "commit cam-NAME01 with newer-token",
  ]);
});

test("after a SUCCESS of any run, another name is never tried: there is a device", () => {
  const told = play(camera({ journal }), ["refused", "FAILURE", "refused", "FAILURE", "refused"]);
  expect(told.at(-1)).toBe("stop: DEVICE_LOCKED_OUT");
  expect(told.join()).not.toContain("write down");
});

test("after a SUCCESS of any run, a key that the server no longer knows is no end either", () => {
  expect(play(camera({ journal }), ["refused", "NOT_FOUND"]).at(-1)).toBe("stop: DEVICE_LOCKED_OUT");
});

test("the newest of several records is probed", () => {
  const received = [receivedOf(intent(1), 1, "first-token"), receivedOf(intent(1), 2, "second-token")];
  const known = camera({ journal: { intents: [intent(1)], received } });
  expect(play(known, [])).toEqual(["probe own-token and second-token"]);
});
