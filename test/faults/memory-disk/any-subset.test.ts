import { expect, it } from "vitest";
import { patience, playHistories, some } from "./histories.ts";

it("every history on a disk that forgets any subset ends well", patience, async () => {
  const { cases, broken } = await playHistories(["any subset"], undefined, some);
  expect(broken).toEqual([]);
  expect(cases).toBeGreaterThan(0);
});
