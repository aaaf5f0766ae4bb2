import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { read, typeScriptFiles } from "./tree.ts";

/** The samples in doc comments. */
const samples = typeScriptFiles("src").flatMap((path) =>
  [...read(path).matchAll(/^ *\/\*\*((?:(?!\*\/)[\s\S])*?)\*\//gm)]
    .flatMap(([, comment = ""]) => [...comment.replace(/^ *\* ?/gm, "").matchAll(/^```ts\n([\s\S]*?)^```/gm)])
    .map(([, text = ""]) => ({ path, text })),
);

test("every sample in a doc comment compiles as a caller's file, with the strictest options", () => {
  expect(samples.length).toBeGreaterThan(2);
  // In the repository, so that the package is found by its own name.
  const folder = resolve(".cache", `samples-${process.pid}`);
  mkdirSync(folder, { recursive: true });
  for (const [index, { path, text }] of samples.entries()) {
    writeFileSync(join(folder, `sample-${index}.ts`), `// ${path}\n${text}`);
  }
  const options = {
    extends: resolve("tsconfig.json"),
    include: [join(folder, "*.ts")],
    compilerOptions: { paths: {} },
  };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(options));
  const { status, stdout } = spawnSync(process.execPath, ["node_modules/typescript/bin/tsc", "-p", folder], {
    encoding: "utf8",
  });
  rmSync(folder, { recursive: true });
  expect(status, stdout).toBe(0);
});
