import { expect, it } from "vitest";
import { deadline } from "../../../src/base/clock.ts";
import { seconds } from "../../../src/base/duration.ts";
import { VirtualClock } from "./virtual-clock.ts";

const start = new Date("2026-11-24T12:00:00Z");

it("lets the time that somebody waits for pass at once, in order, and no more", async () => {
  const clock = new VirtualClock(start);
  const woken: string[] = [];
  const sleep = async (name: string, count: number) => {
    await clock.sleep(seconds(count));
    woken.push(`${name} at ${clock.elapsed() / 1000}`);
  };
  await clock.untilDone(Promise.all([sleep("late", 3600), sleep("early", 2), sleep("now", 0)]));
  expect(woken).toEqual(["now at 0", "early at 2", "late at 3600"]);
  expect(clock.now()).toEqual(new Date("2026-11-24T13:00:00Z"));
});

it("lets no time pass while there is still something to do", async () => {
  const clock = new VirtualClock(start);
  using limit = deadline(clock, seconds(1));
  const work = async () => {
    for (let turn = 0; turn < 1000; turn++) await Promise.resolve();
    return limit.signal.aborted;
  };
  expect(await clock.untilDone(work())).toBe(false);
});

it("rejects when work waits for what never comes", async () => {
  const clock = new VirtualClock(start);
  await expect(clock.untilDone(new Promise(() => {}))).rejects.toThrow("nothing more happens");
});

it("ends a sleep with its signal, and a jump of the wall clock ends none", async () => {
  const clock = new VirtualClock(start);
  const controller = new AbortController();
  const sleep = clock.sleep(seconds(5), controller.signal);
  controller.abort(new Error("enough"));
  await expect(sleep).rejects.toThrow("enough");
  await expect(clock.sleep(seconds(5), controller.signal)).rejects.toThrow("enough");
  clock.setWallClock(new Date(0));
  await clock.pass(seconds(7));
  expect([clock.elapsed(), clock.now().getTime()]).toEqual([7000, 7000]);
});
