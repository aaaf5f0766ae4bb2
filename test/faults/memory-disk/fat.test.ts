import { expect, it } from "vitest";
import { patience, playHistories } from "./histories.ts";

it("every history on FAT ends well", patience, async () => {
  const { cases, broken } = await playHistories(["FAT"]);
  expect(broken).toEqual([]);
  expect(cases).toBeGreaterThan(0);
});
