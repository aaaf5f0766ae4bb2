import { readdirSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { defineConfig } from "vitest/config";
import { buildPage } from "./scripts/page.mjs";

const { version } = JSON.parse(readFileSync("package.json", "utf8"));

/** Changes the process as a whole, or measures it: other files would notice it, or be measured too. */
const touchesTheProcess =
  /\bvi\.(mock|doMock|hoisted|spyOn|stubEnv|stubGlobal|useFakeTimers)\b|\bprocess\.(memoryUsage|getActiveResourcesInfo|on|once|umask|chdir)\(|\bprocess\.env\[[^\]]+\] = |"\/proc\/self\//;

const files = ["test", "examples/testing"].flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".test.ts"))
    .map((name) => join(folder, name)),
);

/** What needs a process of its own. The methods of test/faults look at what their process holds; the rest tells by its text. */
const alone = files.filter(
  (file) => file.startsWith("test/faults/") || touchesTheProcess.test(readFileSync(file, "utf8")),
);

/** Patterns, from scripts/test.mjs: Vitest's `--exclude` does not reach its projects. */
const exclude = (process.env["TESTS_LEFT_OUT"] ?? "").split(" ").filter((pattern) => pattern !== "");

export default defineConfig({
  // As scripts/build.mjs does for the bundled command line.
  define: { PACKAGE_VERSION: JSON.stringify(version), SIMULATOR_PAGE: JSON.stringify(await buildPage()) },
  test: {
    // Processes apart from Vitest's: tests start programs, send signals and look at file descriptors.
    pool: "forks",
    // One more than there are cores: a test waits for its programs, too.
    maxWorkers: availableParallelism() + 1,
    // Errors of a closed way name such a variable where it is set; a test that wants one sets it.
    env: { HTTPS_PROXY: "", https_proxy: "", ALL_PROXY: "", all_proxy: "", HTTP_PROXY: "", http_proxy: "" },
    testTimeout: 30_000,
    hookTimeout: 30_000,
    teardownTimeout: 5_000,
    // A focused test must not slip in, and a file without a test is a mistake.
    allowOnly: false,
    passWithNoTests: false,
    projects: [
      { extends: true, test: { name: "alone", include: alone, exclude } },
      // The other files share a few: to load the program for each of them was a quarter of all computing.
      {
        extends: true,
        test: { name: "shared", include: files.filter((file) => !alone.includes(file)), exclude, isolate: false },
      },
    ],
  },
});
