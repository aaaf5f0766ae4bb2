// Runs a TypeScript file of this repository (`node scripts/run.mjs FILE [PARAMETER…]`): Node 20 cannot by itself.
// The bundle lies in the repository, so that it finds the packages, this one by its own name among them; paths in the
// file are relative to the repository.
import { mkdirSync, rmSync } from "node:fs";
import { basename, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";
import { buildPage } from "./page.mjs";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));
const [file = ""] = process.argv.splice(2, 1);
const folder = ".cache";
const bundle = resolve(folder, `${basename(file, ".ts")}-${process.pid}.mjs`);

mkdirSync(folder, { recursive: true });
await build({
  entryPoints: [file],
  outfile: bundle,
  bundle: true,
  packages: "external",
  platform: "node",
  target: "node20.19",
  format: "esm",
  define: { SIMULATOR_PAGE: JSON.stringify(await buildPage()) },
  logLevel: "warning",
});
try {
  await import(pathToFileURL(bundle).href);
} finally {
  rmSync(bundle);
}
