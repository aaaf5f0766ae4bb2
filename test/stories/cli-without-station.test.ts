import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { expect, it } from "vitest";
import { Camera } from "./camera.ts";
import { Command, commandPath } from "./command.ts";

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

it("a camera's command loads nothing of the station, in a whole run and at rest", async () => {
  await using camera = await Camera.start();
  const place = mkdtempSync(join(tmpdir(), "preload-"));
  try {
    const preload = join(place, "tell.cjs");
    const tell = `process.on("exit", () => console.error("loaded", Object.keys(require("node:module")._cache).join(" ")));`;
    writeFileSync(preload, tell);
    const loaded = async () => {
      const parameters = ["provision", "--directory", camera.directory, "--no-body", "--log-level", "silent"];
      const { exitStatus, err } = await new Command(parameters, { NODE_OPTIONS: `--require ${preload}` }).ended;
      expect(exitStatus).toBe(0);
      const files = /^loaded (.*)$/m.exec(err)?.[1]?.split(" ") ?? [];
      return files.map((file) => basename(file)).filter((file) => file !== basename(preload));
    };
    const rest = ["rest.cjs", "thermal-provision.cjs"];
    expect((await loaded()).toSorted()).toEqual(["camera.cjs", "main.cjs", "thermal-provision.cjs"]);
    expect((await loaded()).toSorted()).toEqual(rest);
  } finally {
    rmSync(place, { recursive: true });
  }
});
