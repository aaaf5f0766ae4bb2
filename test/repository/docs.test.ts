import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { anchorsIn } from "./anchors.ts";
import { committedFiles, read } from "./tree.ts";

const pages = committedFiles().filter((path) => path.endsWith(".md"));

test("there are pages to check", () => {
  expect(pages).toContain("CONTRIBUTING.md");
});

describe.each(pages)("%s", (page) => {
  test("links to files that exist, and to headings that exist", () => {
    expect(linksIn(read(page)).filter((link) => !leadsSomewhere(page, link))).toEqual([]);
  });
});

test.each(pages)("%s names paths that exist", (page) => {
  const paths = [
    ...read(page).matchAll(/`((?:src|test|docs|scripts|packaging|schema|examples|bench)\/[^`<*…\s#]+)(?:#[^`]*)?`/g),
  ];
  expect(paths.map(([, path = ""]) => path).filter((path) => !existsSync(path))).toEqual([]);
});

test("docs/README.md, the index, leads to every page", () => {
  const linked = linksIn(read("docs/README.md")).map((link) => join("docs", link));
  const others = pages.filter((page) => page.startsWith("docs/") && page !== "docs/README.md");
  expect(others.filter((page) => !linked.includes(page))).toEqual([]);
});

test("a link to a missing heading is found", () => {
  expect(leadsSomewhere("CONTRIBUTING.md", "CONTRIBUTING.md#no-such-heading")).toBe(false);
});

/** Links of this repository, inside brackets or as an image; what is fenced or between backticks is text. */
function linksIn(markdown: string): readonly string[] {
  const prose = markdown.replace(/^(```+)[\s\S]*?^\1/gm, "").replace(/`[^`\n]*`/g, "");
  const targets = [...prose.matchAll(/\]\(([^)\s]+)[^)]*\)/g)].map(([, target = ""]) => target);
  return targets.filter((target) => !/^[a-z]+:/.test(target));
}

function leadsSomewhere(page: string, link: string): boolean {
  const [file = "", heading] = link.split("#");
  const target = file === "" ? page : join(dirname(page), decodeURI(file));
  if (!existsSync(target)) return false;
  return heading === undefined || !target.endsWith(".md") || anchorsIn(read(target)).includes(heading);
}
