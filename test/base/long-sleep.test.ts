import { expect, test, vi } from "vitest";
import { systemClock } from "../../src/base/clock.ts";
import { seconds } from "../../src/base/duration.ts";

const { timers } = vi.hoisted(() => ({ timers: [] as number[] }));

vi.mock("node:timers/promises", () => ({
  setTimeout: async (time: number) => {
    timers.push(time);
  },
}));

test("a sleep that is longer than a timer can be is made of several timers", async () => {
  const month = seconds(30 * 24 * 3600);
  await systemClock.sleep(month);
  expect(timers).toEqual([2 ** 31 - 1, month - (2 ** 31 - 1)]);
});
