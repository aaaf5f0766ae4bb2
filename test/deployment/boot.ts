import assert from "node:assert/strict";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { identity } from "../fixtures/tls/certificates.ts";
import { done, until } from "./command.ts";
import { Machine } from "./machine.ts";
import { buildPackages } from "./packages.ts";
import { RootCopy, rootOf, type Suite } from "./root.ts";
import { type Check, note, type Row } from "./row.ts";
import { folder, install, lay, provisionJson, service, setNetwork, startServer } from "./site.ts";

/** The units in a Debian that was really booted. */
export function bootRow(suite: Suite, title: string, missing: Row["missing"]): Row {
  return {
    name: `boot-${suite}`,
    title,
    missing,
    prepare: async () => {
      await rootOf(suite);
      await buildPackages();
    },
    checks: () => checks(suite),
  };
}

function checks(suite: Suite): readonly Check[] {
  const inRoot = (name: string, run: (root: RootCopy) => Promise<void>): Check => ({
    name,
    run: async () => {
      await setNetwork("up");
      await using root = await RootCopy.of(await rootOf(suite));
      await install(root, suite);
      await run(root);
    },
  });
  return [
    inRoot("systemd-analyze has nothing against the units, and says at most 1.7", async (root) => {
      const { status, stdout, stderr } = await root.tried(
        "systemd-analyze",
        "verify",
        // Whether the page is there is the package's matter: the root has no man(1).
        "--man=no",
        service,
        "thermal-provision.path",
      );
      assert.deepEqual(
        [status, stdout, stderr.replace(/^.*(?:\/proc\/|thermal-provision.*: Failed to).*\n/gm, "")],
        [0, "", ""],
      );
      const text = await root.run("systemd-analyze", "security", "--offline=true", "--no-pager", service);
      const [, level = "10"] = /Overall exposure level for .*: ([\d.]+)/.exec(text) ?? [];
      assert.ok(Number(level) <= 1.7, text);
      note(`systemd-analyze security in ${suite}: ${level}`);
    }),
    inRoot(
      "provisions at boot, stays away afterwards, and starts again for a new trigger and a mended file",
      provisions,
    ),
    inRoot("without network and with the clock at 1970, it waits for both", waits),
    inRoot("the power is cut in the middle: the next boot goes on, with one device", powerCut),
    inRoot("a trigger with a wrong name is in the journal", misnamed),
    inRoot("what reset put aside makes no difference", reset),
    inRoot("a user that is missing is a failure, once", missingUser),
    inRoot("a program that is missing is a failure, once", missingProgram),
  ];
}

async function provisions(root: RootCopy): Promise<void> {
  await using server = await startServer();
  await lay(root, "provision.json", provisionJson(server.port));
  await lay(root, "provision.txt", "");
  {
    await using machine = await Machine.boot(root);
    await ends(machine, { ActiveState: "inactive", Result: "success" });
    assert.equal(server.devices.length, 1);
    await hasNothingRunning(machine);
  }
  await using machine = await Machine.boot(root);
  await ends(machine, { ActiveState: "inactive", Result: "success" });
  const before = readFileSync(join(root.path, folder, "thermal_config.json"), "utf8");
  const requests = server.heard.length;

  await machine.write(`${folder}/provision.txt`, "");
  await until(async () => !existsSync(join(root.path, folder, "provision.txt")) || undefined, {
    seconds: 30,
    describe: () => machine.journal(service),
  });
  await ends(machine, { ActiveState: "inactive", Result: "success" });
  assert.ok(server.heard.length > requests);
  assert.equal(server.devices.length, 1);
  assert.equal(readFileSync(join(root.path, folder, "thermal_config.json"), "utf8"), before);

  await machine.write(`${folder}/provision.json`, "{ broken");
  await machine.write(`${folder}/provision.txt`, "");
  await ends(machine, { ActiveState: "failed", ExecMainStatus: "78" });
  // One line for the event, and one that says what starts the run again.
  const failures = await machine.journal(service, "--priority=err", "--identifier=thermal-provision");
  assert.match(failures, /^FAIL CREDENTIALS_FILE_INVALID: .*\n.*thermal-provision\.path starts it again.*\n$/);
  await machine.write(`${folder}/provision.json`, provisionJson(server.port));
  await ends(machine, { ActiveState: "inactive", Result: "success" });
  assert.equal(existsSync(join(root.path, folder, "provision.txt")), false);
  await hasNothingRunning(machine);
}

async function waits(root: RootCopy): Promise<void> {
  await using server = await startServer({ tls: identity("server") });
  await setNetwork("down");
  const tls = { use_ssl: true, server_url: "localhost", ca_file: "authority.pem" };
  await lay(root, "provision.json", provisionJson(server.port, tls));
  await lay(root, "provision.txt", "");
  await lay(root, "authority.pem", readFileSync("test/fixtures/tls/authority.pem", "utf8"));
  writeFileSync(join(root.path, "etc/hosts"), "127.0.0.1 localhost\n");
  await lay(root, "clock", "1970-01-01 00:01:00");
  await dropIn(root, [
    `Environment=LD_PRELOAD=${await faketime(root)} FAKETIME_TIMESTAMP_FILE=${folder}/clock FAKETIME_NO_CACHE=1`,
    "Environment=FAKETIME_DONT_FAKE_MONOTONIC=1",
  ]);
  await using machine = await Machine.boot(root);
  await says(machine, /NETWORK_UNREACHABLE|HOST_NOT_FOUND/);
  await setNetwork("up");
  await says(machine, /TLS_NOT_YET_VALID/);
  rmSync(join(root.path, folder, "clock"));
  await ends(machine, { ActiveState: "inactive", Result: "success" });
  assert.equal(server.devices.length, 1);
}

async function powerCut(root: RootCopy): Promise<void> {
  await using server = await startServer({ scenario: [{ on: "request", do: "timeOut", work: "at once" }] });
  await lay(root, "provision.json", provisionJson(server.port));
  await lay(root, "provision.txt", "");
  const machine = await Machine.boot(root);
  await until(async () => (server.devices.length === 1 ? true : undefined), {
    seconds: 60,
    describe: () => machine.journal(service),
  });
  await machine.cutPower();
  assert.equal(existsSync(join(root.path, folder, "provision.txt")), true);
  await using again = await Machine.boot(root);
  await ends(again, { ActiveState: "inactive", Result: "success" });
  assert.equal(server.devices.length, 1);
  assert.equal(existsSync(join(root.path, folder, "provision.txt")), false);
}

async function misnamed(root: RootCopy): Promise<void> {
  await using server = await startServer();
  await lay(root, "provision.json", provisionJson(server.port));
  await lay(root, "Provision.TXT", "");
  await using machine = await Machine.boot(root);
  await says(machine, /Provision\.TXT/);
  assert.equal(server.devices.length, 0);
  await machine.run("mv", `${folder}/Provision.TXT`, `${folder}/provision.txt`);
  await until(async () => server.devices[0], { seconds: 60, describe: () => machine.journal(service) });
  await ends(machine, { ActiveState: "inactive", Result: "success" });
}

async function reset(root: RootCopy): Promise<void> {
  await using server = await startServer({ scenario: [{ on: "request", do: "timeOut", work: "never" }] });
  await lay(root, "provision.json", provisionJson(server.port));
  await lay(root, "provision.txt", "");
  {
    await using machine = await Machine.boot(root);
    await until(async () => server.heard[0], { seconds: 60, describe: () => machine.journal(service) });
    await machine.run("systemctl", "stop", service);
    await machine.run(
      "setpriv",
      "--reuid=thermal-camera",
      "--regid=thermal-camera",
      "--clear-groups",
      "thermal-provision",
      "reset",
      "--yes",
      "--directory",
      folder,
    );
    await machine.run("rm", "-f", `${folder}/provision.txt`);
  }
  const asked = server.heard.length;
  await using machine = await Machine.boot(root);
  await ends(machine, { ActiveState: "inactive", Result: "success" });
  assert.equal(server.heard.length, asked);
}

async function missingUser(root: RootCopy): Promise<void> {
  // systemd-sysusers would make it again at boot.
  await root.run("sh", "-c", "rm /usr/lib/sysusers.d/thermal-provision*.conf");
  await root.run("userdel", "thermal-camera");
  await failsOnce(root, "217");
}

async function missingProgram(root: RootCopy): Promise<void> {
  rmSync(join(root.path, "usr/bin/thermal-provision"));
  await failsOnce(root, "203");
}

async function failsOnce(root: RootCopy, status: string): Promise<void> {
  await using machine = await Machine.boot(root);
  await ends(machine, { ActiveState: "failed", ExecMainStatus: status, NRestarts: "0" });
}

/** Waits until the run is over, and looks how. */
async function ends(machine: Machine, wanted: Readonly<Record<string, string>>): Promise<void> {
  const names = Object.keys(wanted);
  let last: Readonly<Record<string, string>> = {};
  await until(
    async () => {
      const { ExecMainStartTimestamp, ...seen } = await machine.unit(service, ...names, "ExecMainStartTimestamp");
      last = seen;
      const hasRun = ExecMainStartTimestamp !== "";
      return (hasRun && names.every((name) => seen[name] === wanted[name])) || undefined;
    },
    { seconds: 90, describe: async () => `${JSON.stringify(last)}\n${await machine.journal(service)}` },
  );
}

async function says(machine: Machine, what: RegExp): Promise<void> {
  await until(async () => what.test(await machine.journal(service)) || undefined, {
    seconds: 90,
    describe: () => machine.journal(service),
  });
}

async function hasNothingRunning(machine: Machine): Promise<void> {
  const { stdout } = await machine.tried("systemctl", "show", service, "--property=MainPID", "--value");
  assert.equal(stdout.trim(), "0");
  assert.equal((await machine.unit("thermal-provision.path", "ActiveState"))["ActiveState"], "active");
}

/** Lines of the [Service] section that this test needs. */
async function dropIn(root: RootCopy, lines: readonly string[]): Promise<void> {
  const path = `/etc/systemd/system/${service}.d/test.conf`;
  const script = 'mkdir -p "$(dirname "$1")"; cat > "$1"';
  await done(["chroot", root.path, "sh", "-c", script, "drop-in", path], {
    input: ["[Service]", ...lines, ""].join("\n"),
  });
}

async function faketime(root: RootCopy): Promise<string> {
  return (await root.run("sh", "-c", "echo /usr/lib/*/faketime/libfaketimeMT.so.1")).trim();
}
