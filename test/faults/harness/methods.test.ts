import { describe, expect, it } from "vitest";
import { committedFiles } from "../../repository/tree.ts";
import { methods } from "./methods.ts";

const minutes = 60_000;

describe("some of `npm run test:faults`: what needs no privilege and little time", () => {
  const chosen = methods.filter(({ inTests }) => inTests);
  const possible = chosen.filter((method) => method.missing().length === 0);
  for (const method of chosen.filter((each) => !possible.includes(each))) {
    process.stderr.write(
      `\n!!! NOT RUN: ${method.title.trim()}: this machine lacks ${method.missing().join(", ")}\n\n`,
    );
  }

  it.each(possible)(
    "$title",
    async ({ run }) => {
      const { cases, broken, skipped = [] } = await run("some");
      expect(broken).toEqual([]);
      if (process.env["CI"] === "true") expect(skipped).toEqual([]);
      expect(cases).toBeGreaterThan(5);
    },
    5 * minutes,
  );

  it.runIf(process.env["CI"] === "true")("nothing of it is skipped in CI", () => {
    expect(chosen.flatMap((method) => method.missing())).toEqual([]);
  });

  it("every method has its own name", () => {
    expect(new Set(methods.map(({ name }) => name)).size).toBe(methods.length);
  });

  it("each has a folder of its name, or of a name that begins its own, and there are no other folders", () => {
    const paths = committedFiles().flatMap((path) => /^test\/faults\/([^/]+)\//.exec(path)?.[1] ?? []);
    const folders = [...new Set(paths)].filter((name) => name !== "harness");
    const isOf = (folder: string, name: string) => name === folder || name.startsWith(`${folder}-`);
    const homeless = methods.filter(({ name }) => !folders.some((folder) => isOf(folder, name)));
    const strangers = folders.filter((folder) => !methods.some(({ name }) => isOf(folder, name)));
    expect({ homeless, strangers }).toEqual({ homeless: [], strangers: [] });
  });
});
