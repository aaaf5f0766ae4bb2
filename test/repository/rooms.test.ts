import { dirname, join, normalize } from "node:path";
import { describe, expect, test } from "vitest";
import { knots } from "./knots.ts";
import { parseModule } from "./syntax.ts";
import { typeScriptFiles } from "./tree.ts";

/** The simulator's rooms from the ground up: a room imports itself and what stands before it. */
const rooms = [
  "encoding",
  "tenant",
  "mqtt",
  "faults",
  "record",
  "server",
  "provisioning",
  "session",
  "page",
  "http",
  "options",
  "",
] as const;

/** What stands before a room and is still none of its business. */
const strangers: Readonly<Partial<Record<string, readonly string[]>>> = {
  mqtt: ["encoding", "tenant"],
  faults: ["tenant"],
  http: ["session"],
  page: ["encoding", "tenant", "mqtt", "faults", "record", "server", "provisioning", "session"],
};

const importsOf = new Map(
  typeScriptFiles("src").map((from) => [
    from,
    parseModule(from)
      .imports.filter((to) => to.startsWith("."))
      .map((to) => normalize(join(dirname(from), to))),
  ]),
);

test("the simulator's rooms import downwards only", () => {
  const inside = "src/simulator/";
  const wrong = [...importsOf].flatMap(([from, imported]) =>
    imported
      .filter((to) => from.startsWith(inside) && to.startsWith(inside))
      .filter((to) => !mayImport(roomOf(from), roomOf(to)))
      .map((to) => ({ from, to })),
  );
  expect(wrong).toEqual([]);
});

test("no files import each other in a circle, types included", () => {
  expect(knots(importsOf)).toEqual([]);
});

describe("the search for circles", () => {
  test("finds a circle of three, and a file that imports itself", () => {
    const imports = new Map([
      ["a", ["b"]],
      ["b", ["c", "d"]],
      ["c", ["a"]],
      ["d", []],
      ["e", ["e"]],
    ]);
    expect(knots(imports)).toEqual([["a", "b", "c"], ["e"]]);
  });

  test("two ways to one file are no circle", () => {
    expect(
      knots(
        new Map([
          ["a", ["b", "c"]],
          ["b", ["d"]],
          ["c", ["d"]],
          ["d", []],
        ]),
      ),
    ).toEqual([]);
  });
});

function roomOf(path: string): (typeof rooms)[number] {
  const parts = path.split("/").slice(2, -1);
  const room = rooms.find((one) => one === parts.join("/"));
  if (room === undefined) throw new Error(`${path} lies in no room of the simulator`);
  return room;
}

function mayImport(from: (typeof rooms)[number], to: (typeof rooms)[number]): boolean {
  return rooms.indexOf(to) <= rooms.indexOf(from) && strangers[from]?.includes(to) !== true;
}
