import { defineConfig } from "vitest/config";

/** For scripts/mutation.mjs: the tests that it names, all in one module graph, since each mutant runs some of them. */
export default defineConfig({
  define: { PACKAGE_VERSION: JSON.stringify("0.0.0") },
  test: {
    include: (process.env["MUTATION_TESTS"] ?? "").split(","),
    isolate: false,
    setupFiles: ["test/mutation/setup.ts"],
    testTimeout: 30_000,
  },
});
