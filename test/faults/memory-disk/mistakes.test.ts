import { expect, it } from "vitest";
import { historiesUntilBroken, patience } from "./histories.ts";
import { mistakes } from "./mistakes.ts";

const most = 1000;

/** The same histories and the same judgement as for the program itself. */
it.each(mistakes)("a mistake is found: $mistake ($on, $breaks)", patience, async (mistake) => {
  expect(await historiesUntilBroken(mistake, most)).toBeDefined();
});
