import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { done } from "./command.ts";
import { executable } from "./executable-row.ts";
import { buildExecutables, buildPackages, packageFor } from "./packages.ts";
import { blockBelow } from "./page.ts";
import { RootCopy, rootOf } from "./root.ts";
import type { Row } from "./row.ts";
import { folder, lay, provisionJson, setNetwork, startServer } from "./site.ts";

const page = "docs/how-to/install.md";

/** The commands of the page about installing, as they stand there. */
export function howToRow(missing: Row["missing"]): Row {
  return {
    name: "how-to",
    title: `The commands of ${page}`,
    missing,
    prepare: async () => {
      await rootOf("trixie");
      await rootOf("bookworm");
      await buildPackages();
      await buildExecutables();
    },
    checks: () => [
      { name: "into a mounted root, without a network, which is read-only afterwards", run: mountedRoot },
      { name: "as one file", run: oneFile },
    ],
  };
}

async function carriedOut(heading: string, root: RootCopy): Promise<string> {
  const environment = { ROOT: root.path, PACKAGE: packageFor("trixie"), EXECUTABLE: resolve(executable("amd64")) };
  return done(["sh", "-e", "-c", blockBelow(page, heading)], { environment });
}

async function mountedRoot(): Promise<void> {
  await using root = await RootCopy.of(await rootOf("trixie"));
  await setNetwork("down");
  await carriedOut("Into a mounted root, without a network", root);
  await setNetwork("up");
  // The folder is made at boot, where it could not be before, and is a mount of its own.
  const writable = join(root.path, folder);
  mkdirSync(writable, { recursive: true });
  // A tmpfs is for everybody otherwise, which the program does not trust.
  await done(["mount", "-t", "tmpfs", "-o", "mode=0750", "tmpfs", writable]);
  await done(["chroot", root.path, "chown", "thermal-camera:", folder]);
  await using server = await startServer();
  await lay(root, "provision.json", provisionJson(server.port));
  await lay(root, "provision.txt", "");
  await carriedOut("A read-only root", root);
  assert.equal(server.devices.length, 1);
  assert.ok(existsSync(join(writable, "thermal_config.json")));
}

async function oneFile(): Promise<void> {
  await using root = await RootCopy.of(await rootOf("bookworm"));
  await carriedOut("As one file", root);
  const { version } = JSON.parse(readFileSync("package.json", "utf8"));
  assert.equal((await root.run("thermal-provision", "--version")).trim(), version);
  const enabled = await root.run("systemctl", "is-enabled", "thermal-provision.service", "thermal-provision.path");
  assert.deepEqual(enabled.trim().split("\n"), ["enabled", "enabled"]);
  assert.match(await root.run("stat", "--format=%U", folder), /^thermal-camera$/m);
}
