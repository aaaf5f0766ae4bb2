import { beforeAll, describe, expect, it } from "vitest";
import { documentLine } from "../model/specification-document.ts";
import { read } from "../repository/tree.ts";
import { lines } from "./lines.ts";
import { type Plays, playAll } from "./plays.ts";

const played: Plays[] = [];
beforeAll(async () => void played.push(await playAll()), 120_000);

const differences = new Set(
  [...(read("docs/specification.md").split("## Differences")[1] ?? "").matchAll(/^\| (.*?) \|/gm)].map(
    ([, name]) => name,
  ),
);

describe("every line of the specification, by the commands:", () => {
  it.each(lines.map((line) => [line.line, line.says, line] as const))("%i %s", (_number, _says, line) => {
    if ("finds" in line) {
      const [plays] = played;
      const found = plays === undefined ? undefined : line.finds(plays);
      if (line.is instanceof RegExp) expect(found).toMatch(line.is);
      else expect(found).toEqual(line.is);
    } else if ("test" in line) {
      const [file, title] = line.test;
      expect(read(file)).toContain(`("${title}", `);
    }
    if (line.differs !== undefined) expect(differences).toContain(line.differs);
  });
});

it("what a line says stands in that line of the specification, where it is at hand", () => {
  const elsewhere = lines.filter(({ line, says }) => !(documentLine(line) ?? says).includes(says));
  expect(elsewhere).toEqual([]);
});
