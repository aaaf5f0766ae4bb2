import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { milliseconds, seconds } from "../../src/base/duration.ts";
import {
  retryWaits,
  spread,
  triesInARun,
  waitAtLeast,
  waitsBetweenRuns,
  waitsForDeviceId,
} from "../../src/flow/waits.ts";

test("within a run: retries after 1, 2 and 4 seconds", () => {
  expect(retryWaits).toEqual([1000, 2000, 4000]);
});

test("a run has time for the first try and the retries", () => {
  expect(triesInARun).toBeGreaterThan(retryWaits.length);
});

describe("between the runs of --wait", () => {
  const first = (count: number, fraction: () => number) => {
    const waits = waitsBetweenRuns(fraction);
    return Array.from({ length: count }, (): number => waits.next().value);
  };

  test("8, 16, 32 and then 60 seconds, where chance shortens nothing", () => {
    expect(first(6, () => 0)).toEqual([8000, 16_000, 32_000, 60_000, 60_000, 60_000]);
  });

  test("half of that, at the least", () => {
    expect(first(5, () => 1)).toEqual([4000, 8000, 16_000, 30_000, 30_000]);
  });

  test("anything between, each wait by a chance of its own", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), { minLength: 8 }),
        (chances) => {
          const left = [...chances];
          first(8, () => left.shift() ?? 0).forEach((wait, index) => {
            const whole = Math.min(8000 * 2 ** index, 60_000);
            expect(wait).toBeGreaterThanOrEqual(whole / 2);
            expect(wait).toBeLessThanOrEqual(whole);
            expect(Number.isInteger(wait)).toBe(true);
          });
        },
      ),
    );
  });
});

test("a wait is no shorter than the error asks for, and does not keep cameras in step", () => {
  expect(waitAtLeast(seconds(8), 5, 0.5)).toBe(8000);
  expect(waitAtLeast(seconds(8), 60, 0)).toBe(60_000);
  expect(waitAtLeast(seconds(8), 60, 1)).toBe(75_000);
});

test("with --wait a wait within a run is longer by chance, by up to as much again", () => {
  expect(retryWaits.map((wait) => spread(wait, 0))).toEqual([1000, 2000, 4000]);
  expect(retryWaits.map((wait) => spread(wait, 0.25))).toEqual([1250, 2500, 5000]);
  expect(retryWaits.map((wait) => spread(wait, 1))).toEqual([2000, 4000, 8000]);
});

describe("asking again for the device id", () => {
  test("within 2 seconds: soon at first, then more slowly, and to the very end", () => {
    expect([...waitsForDeviceId(seconds(2))]).toEqual([50, 100, 200, 400, 800, 450]);
  });

  test("within no time: not at all", () => {
    expect([...waitsForDeviceId(milliseconds(0))]).toEqual([]);
  });

  test("within any time: all waits together are that time", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 120_000 }), (within) => {
        const waits = [...waitsForDeviceId(milliseconds(within))];
        expect(waits.reduce((sum, wait) => sum + wait, 0)).toBe(within);
        expect(Math.min(...waits)).toBeGreaterThan(0);
      }),
    );
  });
});
