import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { problemInWords } from "../../../src/model/problem.ts";
import { parseScenario } from "../../../src/simulator/index.ts";

function problems(behaviours: unknown, description: unknown = "Something."): string[] {
  const checked = parseScenario({ description, behaviours });
  return checked.ok ? [] : checked.problems.map(problemInWords);
}

test("a scenario with every kind of behaviour is accepted as it is", () => {
  const behaviours = [
    { on: "request", do: "lose" },
    { on: "request", nth: "every", do: "delay", for: 100, beforeWork: 0 },
    { on: "connection", nth: 3, do: "close", when: "before the work" },
    { on: "probe", deviceName: "cam-1", do: "code", code: 5 },
    { on: "request", do: "timeOut", work: { after: 26_000 } },
    { on: "subscribe", do: "restart", memory: "lost", for: 1000 },
  ];
  expect(parseScenario({ description: "All.", behaviours })).toEqual({
    ok: true,
    value: { description: "All.", behaviours },
  });
});

test("all mistakes are told at once, each with its path and the nearest right word", () => {
  expect(
    problems([
      { on: "request", do: "lsoe" },
      { on: "requst", nth: 0, do: "delay", four: 5 },
      { on: "probe", do: "refuse", status: "FAILUR" },
      { on: "request", do: "timeOut", work: "allways" },
      { on: "request" },
      "lose",
    ]),
  ).toEqual([
    expect.stringMatching(
      /^behaviours\.0\.do: found the text "lsoe", expected one of lose, delay, .* \(did you mean lose\?\)$/,
    ),
    "behaviours.1.four: found an unknown key (did you mean for?)",
    expect.stringMatching(
      /^behaviours\.1\.on: found the text "requst", expected one of .* \(did you mean request\?\)$/,
    ),
    'behaviours.1.nth: found the number 0, expected a whole number from 1, or "every"',
    'behaviours.2.status: found the text "FAILUR", expected one of "FAILURE", "NOT_FOUND" (did you mean FAILURE?)',
    'behaviours.2.on: found the text "probe", expected request, since only that can refuse',
    'behaviours.3.work: found the text "allways", expected one of "at once", "never", {"after": milliseconds}',
    expect.stringMatching(/^behaviours\.4\.do: found nothing, expected one of lose, /),
    'behaviours.5: found the text "lose", expected an object',
  ]);
});

test("a file that is not a scenario at all is told so", () => {
  expect(problems("x", "")).toEqual([
    "description: found an empty text, expected a sentence",
    'behaviours: found the text "x", expected a list',
  ]);
  const checked = parseScenario([]);
  expect(checked.ok ? [] : checked.problems.map(problemInWords)).toEqual(["found a list, expected an object"]);
});

test("every scenario in examples/ is right, and says in a sentence what it rehearses", () => {
  const folder = "examples/scenarios";
  const files = readdirSync(folder);
  expect(files.length).toBeGreaterThan(10);
  for (const file of files) {
    const checked = parseScenario(JSON.parse(readFileSync(join(folder, file), "utf8")));
    expect([file, checked.ok ? [] : checked.problems.map(problemInWords)]).toEqual([file, []]);
    if (checked.ok) expect(checked.value.description).toMatch(/^[A-Z].*\.$/);
  }
});
