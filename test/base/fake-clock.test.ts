import { expect, test } from "vitest";
import { milliseconds, seconds } from "../../src/base/duration.ts";
import { FakeClock } from "./fake-clock.ts";

test("sleepers wake in the order of their time, and only when it has come", async () => {
  const clock = new FakeClock();
  const woken: string[] = [];
  const sleep = async (name: string, count: number) => {
    await clock.sleep(seconds(count));
    woken.push(`${name} at ${clock.elapsed()}`);
  };
  const all = Promise.all([sleep("late", 3), sleep("early", 1)]);
  await clock.advance(milliseconds(999));
  expect(woken).toEqual([]);
  await clock.advance(milliseconds(1));
  expect(woken).toEqual(["early at 1000"]);
  await clock.advance(seconds(10));
  expect(woken).toEqual(["early at 1000", "late at 3000"]);
  expect(clock.elapsed()).toBe(11_000);
  await all;
});

test("a sleeper that wakes and sleeps again within the time wakes again", async () => {
  const clock = new FakeClock();
  let count = 0;
  const loop = (async () => {
    for (; count < 3; count++) await clock.sleep(seconds(1));
  })();
  await clock.advance(seconds(3));
  expect(count).toBe(3);
  await loop;
});

test("an aborted sleep ends with the signal's reason and leaves nobody behind", async () => {
  const clock = new FakeClock();
  const stop = new AbortController();
  const sleeping = clock.sleep(seconds(1), stop.signal);
  expect(clock.sleepers).toBe(1);
  stop.abort(new Error("enough"));
  await expect(sleeping).rejects.toThrow("enough");
  expect(clock.sleepers).toBe(0);
  await expect(clock.sleep(seconds(1), stop.signal)).rejects.toThrow("enough");
});

test("the wall clock goes with the time and jumps alone", async () => {
  const clock = new FakeClock(new Date("1970-01-01T00:00:10Z"));
  await clock.advance(seconds(5));
  expect(clock.now()).toEqual(new Date("1970-01-01T00:00:15Z"));
  clock.setWallClock(new Date("2026-01-01T00:00:00Z"));
  expect(clock.elapsed()).toBe(5000);
});
