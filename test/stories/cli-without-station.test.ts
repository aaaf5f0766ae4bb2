import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { expect, it } from "vitest";
import { commandPath } from "./command.ts";

it("a package for cameras, which has no station, says where one is", () => {
  const place = mkdtempSync(join(tmpdir(), "package-"));
  try {
    const filter = (file: string) => basename(file) !== "station.cjs";
    cpSync(dirname(commandPath), place, { recursive: true, filter });
    const command = join(place, basename(commandPath));
    const run = (...parameters: string[]) =>
      spawnSync(process.execPath, [command, ...parameters], { encoding: "utf8" });
    const station = run("station", "status");
    expect(station.status).toBe(64);
    expect(station.stderr).toContain("this package is for a camera and has no station; install the npm package");
    expect(run("status", "--directory", place).status).toBe(0);
  } finally {
    rmSync(place, { recursive: true });
  }
});
