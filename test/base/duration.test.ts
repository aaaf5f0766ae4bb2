import { expect, test } from "vitest";
import { inWords, milliseconds, seconds } from "../../src/base/duration.ts";

test("a second has a thousand milliseconds", () => {
  expect(seconds(1.5)).toBe(1500);
});

test.each([
  [0, "0 ms"],
  [250, "250 ms"],
  [999.4, "999 ms"],
  [1000, "1 s"],
  [1540, "1.5 s"],
  [9940, "9.9 s"],
  [9960, "10 s"],
  [30_000, "30 s"],
  [59_400, "59 s"],
  [59_960, "1 min"],
  [60_000, "1 min"],
  [61_000, "1 min 1 s"],
  [150_000, "2 min 30 s"],
  [3_600_000, "60 min"],
])("%d milliseconds are told as %s", (count, words) => {
  expect(inWords(milliseconds(count))).toBe(words);
});
