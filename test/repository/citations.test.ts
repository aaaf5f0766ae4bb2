import { existsSync } from "node:fs";
import { expect, test } from "vitest";
import { anchorsIn } from "./anchors.ts";
import { committedFiles, read } from "./tree.ts";

const self = "test/repository/citations.test.ts";
const code = committedFiles().filter((path) => /\.(ts|mjs|sh|py)$/.test(path) && path !== self);

/** `docs/page.md#heading` in comments and texts; a further `#heading` behind a comma is of the same page. */
const citation = /\bdocs\/([a-z/-]+\.md)((?:(?:, )?#[a-z0-9_-]+)*)/g;

test("every page and heading that a comment cites is there", () => {
  const cited = code.flatMap((path) =>
    [...unwrapped(read(path)).matchAll(citation)].map(([, page = "", headings = ""]) => ({ path, page, headings })),
  );
  expect(cited.length).toBeGreaterThan(40);
  expect(cited.filter(({ page, headings }) => !leadsSomewhere(`docs/${page}`, headings))).toEqual([]);
});

test("a citation of a heading that is not there is found", () => {
  expect(leadsSomewhere("docs/architecture.md", "#the-story, #no-such-heading")).toBe(false);
});

test("nobody cites what is not in the repository, or a number where a heading has a name", () => {
  const forms = [
    /protocol[- ]sheet/i,
    /thingsboard-protocol(\.md)?,? (section )?\d/i,
    /\bdesign(\.md)?,? (section )?\d/i,
    /\breliability(\.md)?,? (section )?\d/i,
    /\b(issue|finding) #?\d/i,
  ];
  const found = code.flatMap((path) => {
    const text = unwrapped(read(path));
    return forms.flatMap((form) => (form.exec(text) ?? []).slice(0, 1).map((words) => `${path}: ${words}`));
  });
  expect(found).toEqual([]);
});

/** A comment goes on in the next line. */
function unwrapped(text: string): string {
  return text.replace(/\n\s*(\*|\/\/|#) ?/g, " ");
}

function leadsSomewhere(page: string, headings: string): boolean {
  if (!existsSync(page)) return false;
  const anchors = anchorsIn(read(page));
  return [...headings.matchAll(/#([a-z0-9_-]+)/g)].every(([, heading = ""]) => anchors.includes(heading));
}
