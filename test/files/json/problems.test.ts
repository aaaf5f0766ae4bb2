import { expect, it } from "vitest";
import { firstProblems } from "../../../src/files/json/json-text.ts";

it("of twenty problems all are told, and of more the first twenty with the number of the others", () => {
  const problems = Array.from({ length: 22 }, (_, index) => ({
    file: "f",
    path: [index],
    found: "x",
    expected: "y",
  }));
  expect(firstProblems("f", problems.slice(0, 20))).toEqual(problems.slice(0, 20));
  const others = { file: "f", path: [], found: "2 more problems", expected: "none" };
  expect(firstProblems("f", problems)).toEqual([...problems.slice(0, 20), others]);
});
