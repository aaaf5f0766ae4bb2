import { readFileSync } from "node:fs";
import { defineConfig } from "vitest/config";
import { buildPage } from "./scripts/page.mjs";

const { version } = JSON.parse(readFileSync("package.json", "utf8"));

export default defineConfig({
  // As scripts/build.mjs does for the bundled command line.
  define: { PACKAGE_VERSION: JSON.stringify(version), SIMULATOR_PAGE: JSON.stringify(await buildPage()) },
  test: {
    include: ["test/**/*.test.ts", "examples/testing/*.test.ts"],
    // Processes of their own: tests start programs, send signals and look at file descriptors.
    pool: "forks",
    // As many as there are cores; by itself it would leave one of two idle.
    maxWorkers: "100%",
    // Errors of a closed way name such a variable where it is set; a test that wants one sets it.
    env: { HTTPS_PROXY: "", https_proxy: "", ALL_PROXY: "", all_proxy: "", HTTP_PROXY: "", http_proxy: "" },
    testTimeout: 30_000,
    hookTimeout: 30_000,
    teardownTimeout: 5_000,
    // A focused test must not slip in, and a file without a test is a mistake.
    allowOnly: false,
    passWithNoTests: false,
  },
});
