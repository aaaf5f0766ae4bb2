// Random histories of the whole program over a disk that forgets, with a seed that nobody has played yet: `npm run
// test:histories`. It looks for what is still unknown, so it is nobody's gate: `.ci/run` plays a fixed seed.
import { spawnSync } from "node:child_process";
import { randomInt } from "node:crypto";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));
const disks = ["in-order", "any-subset", "fat"].map((disk) => `test/faults/memory-disk/${disk}.test.ts`);
const seed = process.env["FAULT_SEED"] ?? String(randomInt(2 ** 31));
const inAll = process.env["FAULT_HISTORIES"] ?? "30000";
process.stdout.write(`FAULT_SEED=${seed} FAULT_HISTORIES=${inAll} npm run test:histories plays the same again\n`);
const { status } = spawnSync(process.execPath, [join("node_modules", "vitest/vitest.mjs"), "run", ...disks], {
  stdio: "inherit",
  env: { ...process.env, FAULT_SEED: seed, FAULT_HISTORIES: inAll },
});
process.exitCode = status ?? 1;
