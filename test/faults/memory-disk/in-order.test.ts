import { expect, it } from "vitest";
import { patience, playHistories, some } from "./histories.ts";

it("every history on a disk that forgets in order ends well", patience, async () => {
  const { cases, broken } = await playHistories(["in order"], undefined, some);
  expect(broken).toEqual([]);
  expect(cases).toBeGreaterThan(0);
});
