import { expect, it } from "vitest";
import { patience, playHistories, some } from "./histories.ts";

it("every history on FAT ends well", patience, async () => {
  const { cases, broken } = await playHistories(["FAT"], undefined, some);
  expect(broken).toEqual([]);
  expect(cases).toBeGreaterThan(0);
});
