import assert from "node:assert/strict";
import { cpSync, existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { Simulator } from "../../src/simulator/index.ts";
import { until } from "./command.ts";
import { Machine } from "./machine.ts";
import { buildPackages, packageFor, sizeOf, withVersion } from "./packages.ts";
import { RootCopy, rootOf, type Suite } from "./root.ts";
import { type Check, note, type Row } from "./row.ts";
import { folder, profile, provisionJson, service, setNetwork, startServer } from "./site.ts";

/** A package from its installation to its purge, in one booted Debian; each check goes on from the one before. */
export function lifeRow(suite: Suite, title: string, missing: Row["missing"]): Row {
  const life = new Life(suite);
  return {
    name: `package-${suite}`,
    title,
    missing,
    prepare: async () => {
      await rootOf(suite);
      await buildPackages();
    },
    checks: () => life.checks(),
    end: () => life.end(),
  };
}

class Life {
  readonly #suite: Suite;
  #root: RootCopy | undefined;
  #machine: Machine | undefined;
  #saved = "";

  constructor(suite: Suite) {
    this.#suite = suite;
  }

  checks(): readonly Check[] {
    return [
      { name: "is installed: user, folder and units are there, nothing waits", run: () => this.#install() },
      { name: "provisions a camera when the trigger comes", run: () => this.#provision() },
      { name: "an upgrade leaves a run alone that waits", run: () => this.#upgrade() },
      { name: "a downgrade loses nothing", run: () => this.#downgrade() },
      { name: "is removed: the run ends, the camera's files stay", run: () => this.#remove() },
      { name: "is purged: all goes but the camera's folder and its user", run: () => this.#purge() },
    ];
  }

  async #install(): Promise<void> {
    await setNetwork("up");
    this.#root = await RootCopy.of(await rootOf(this.#suite));
    this.#machine = await Machine.boot(this.#root);
    const path = packageFor(this.#suite);
    const begun = performance.now();
    await this.#dpkg(path);
    const seconds = ((performance.now() - begun) / 1000).toFixed(1);
    note(`${path.split("/").at(-1)}: ${sizeOf(path)} MB, installed in ${seconds} s`);
    const owner = await this.#in.run("stat", "--format=%U:%G %a", folder);
    assert.equal(owner.trim(), "thermal-camera:thermal-camera 750");
    const enabled = await this.#in.run("systemctl", "is-enabled", service, "thermal-provision.path");
    assert.deepEqual(enabled.trim().split("\n"), ["enabled", "enabled"]);
    assert.equal((await this.#in.unit("thermal-provision.path", "ActiveState"))["ActiveState"], "active");
    assert.equal((await this.#in.unit(service, "ActiveState"))["ActiveState"], "inactive");
    const { version } = JSON.parse(readFileSync("package.json", "utf8"));
    assert.equal((await this.#in.run("thermal-provision", "--version")).trim(), version);
    assert.match(await this.#in.run("thermal-provision", "simulator", "--list-scenarios"), /reply-lost/);
  }

  async #provision(): Promise<void> {
    await using server = await startServer();
    await this.#in.write(`${folder}/provision.json`, provisionJson(server.port));
    await this.#in.write(`${folder}/provision.txt`, "");
    await this.#idle();
    assert.equal(server.devices.length, 1);
    this.#saved = this.#config();
    assert.match(this.#saved, /access_token/);
  }

  /** Nobody answers at the server's address until the package was replaced. */
  async #upgrade(): Promise<void> {
    const first = await startServer();
    const { port, devices, state } = first;
    await first[Symbol.asyncDispose]();
    assert.deepEqual(devices, []);
    await this.#in.write(`${folder}/provision.json`, provisionJson(port));
    await this.#in.write(`${folder}/provision.txt`, "");
    const before = await until(() => this.#mainPid(), { seconds: 30, describe: () => this.#in.journal(service) });
    await this.#dpkg(await withVersion(packageFor(this.#suite), "999"));
    assert.equal(await this.#mainPid(), before, "the upgrade has stopped the run");
    await using server = await Simulator.start({ port, state, profiles: [profile] });
    await this.#idle();
    assert.equal(server.devices.length, 1);
    this.#saved = this.#config();
  }

  async #downgrade(): Promise<void> {
    await this.#dpkg(packageFor(this.#suite));
    await this.#idle();
    assert.equal(this.#config(), this.#saved);
  }

  async #remove(): Promise<void> {
    await this.#in.write(`${folder}/provision.txt`, "");
    await until(() => this.#mainPid(), { seconds: 30, describe: () => this.#in.journal(service) });
    await this.#in.run("dpkg", "--remove", this.#name);
    assert.equal((await this.#in.unit(service, "MainPID"))["MainPID"], "0");
    assert.equal(existsSync(join(this.#path, "usr/bin/thermal-provision")), false);
    assert.equal(this.#config(), this.#saved);
  }

  async #purge(): Promise<void> {
    await this.#in.run("dpkg", "--purge", this.#name);
    assert.equal(this.#config(), this.#saved);
    assert.equal(statSync(join(this.#path, folder, "thermal_config.json")).mode & 0o777, 0o600);
    await this.#in.run("id", "thermal-camera");
    const places = ["/usr", "/etc", "/var/lib"];
    const named = ["-name", "*thermal-provision*", "-not", "-path", `${folder}/*`];
    assert.equal(await this.#in.run("find", ...places, ...named), "");
  }

  get #in(): Machine {
    if (this.#machine === undefined) throw new Error("it was not booted");
    return this.#machine;
  }

  get #path(): string {
    return this.#root?.path ?? "";
  }

  get #name(): string {
    return this.#suite === "trixie" ? "thermal-provision" : "thermal-provision-standalone";
  }

  #config(): string {
    return readFileSync(join(this.#path, folder, "thermal_config.json"), "utf8");
  }

  async #dpkg(path: string): Promise<void> {
    cpSync(path, join(this.#path, "opt/camera.deb"));
    await this.#in.run("dpkg", "--install", "/opt/camera.deb");
  }

  async #mainPid(): Promise<string | undefined> {
    const { MainPID } = await this.#in.unit(service, "MainPID");
    return MainPID === "0" ? undefined : MainPID;
  }

  /** The trigger was obeyed, and nothing is at work any more. */
  async #idle(): Promise<void> {
    await until(
      async () => {
        const { ActiveState } = await this.#in.unit(service, "ActiveState");
        return (ActiveState === "inactive" && !existsSync(join(this.#path, folder, "provision.txt"))) || undefined;
      },
      { seconds: 120, describe: () => this.#in.journal(service) },
    );
  }

  async end(): Promise<void> {
    await this.#machine?.[Symbol.asyncDispose]();
    await this.#root?.[Symbol.asyncDispose]();
  }
}
