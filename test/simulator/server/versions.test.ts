import { expect, test } from "vitest";
import { recordedVersion, Simulator } from "../../../src/simulator/index.ts";

test.each([
  ["3.4", "3.4"],
  ["3.4.0", "3.4"],
  ["3.6.1", "3.4"],
  ["3.9.0", "3.4"],
  ["3.9.1", "3.9.1"],
  ["3.10", "3.9.1"],
  ["4.2", "4.0.2"],
  ["4.2.1.2", "4.2.1"],
  ["4.3.1.3", "4.3.1.3"],
  ["5.0", "4.3.1.3"],
  ["1.0", "3.4"],
])("a server %s behaves as %s", (version, recorded) => {
  expect(recordedVersion(version)).toBe(recorded);
});

test("any version is accepted, and the simulator says which one it behaves as", async () => {
  await using simulator = await Simulator.start({ version: "3.6.1" });
  expect([simulator.version, simulator.behavesAs]).toEqual(["3.6.1", "3.4"]);
});

test("what is not a version is refused", async () => {
  await expect(Simulator.start({ version: "newest" })).rejects.toThrow(
    'version: found the text "newest", expected a version such as 4.3.1.3',
  );
});
