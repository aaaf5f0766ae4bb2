import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { done, until } from "./command.ts";
import type { Row } from "./row.ts";
import { provisionJson, setNetwork, startServer } from "./site.ts";

const page = "docs/how-to/ansible.md";

/** The playbook of the page about Ansible, as it stands there, on this machine. */
export function ansibleRow(missing: Row["missing"]): Row {
  return {
    name: "ansible",
    title: `The playbook of ${page}`,
    missing,
    prepare: async () => {},
    checks: () => [{ name: "provisions a camera, and changes nothing when it is run again", run: runTwice }],
  };
}

async function runTwice(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "ansible-"));
  try {
    await setNetwork("up");
    await using server = await startServer();
    const play = playbookIn(folder, server.port);
    await play("--syntax-check");
    const unit = pathUnit(folder);
    assert.match(await play(), /^localhost .* changed=2 .* failed=0 /m);
    await unit;
    const before = camera(folder);
    assert.match(await play(), /^localhost .* changed=0 .* failed=0 /m);
    assert.match(await play("--check"), /^localhost .* changed=0 .* failed=0 /m);
    assert.equal(camera(folder), before);
    assert.deepEqual(
      server.devices.map(({ name }) => before.includes(`"device_name": "${name}"`)),
      [true],
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Everything that a playbook needs lies in `folder`, which is the camera's, too. */
function playbookIn(folder: string, port: number): (...parameters: readonly string[]) => Promise<string> {
  const [, playbook = ""] = /```yaml\n(- name: .*?)```/s.exec(readFileSync(page, "utf8")) ?? [];
  const files = {
    "playbook.yml": playbook,
    inventory: "[cameras]\nlocalhost ansible_connection=local\n",
    "variables.json": JSON.stringify({
      camera_folder: folder,
      camera_user: "root",
      provision: JSON.parse(provisionJson(port)),
    }),
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text, { mode: 0o600 });
  const command = `#!/bin/sh\nexec "${process.execPath}" "${resolve("dist/cli/thermal-provision.cjs")}" "$@"\n`;
  writeFileSync(join(folder, "thermal-provision"), command, { mode: 0o755 });
  const environment = {
    PATH: `${folder}:${process.env["PATH"]}`,
    ANSIBLE_HOME: join(folder, ".ansible"),
    ANSIBLE_LOCAL_TEMP: join(folder, ".ansible", "local"),
    ANSIBLE_REMOTE_TEMP: join(folder, ".ansible", "remote"),
    ANSIBLE_NOCOLOR: "1",
    LC_ALL: "C.UTF-8",
  };
  return (...parameters) =>
    done(
      [
        "ansible-playbook",
        "-i",
        "inventory",
        "-e",
        "@variables.json",
        "--skip-tags",
        "package",
        ...parameters,
        "playbook.yml",
      ],
      { directory: folder, environment },
    );
}

/** What the package's path unit does: a run, once there is a trigger. */
async function pathUnit(folder: string): Promise<void> {
  const provision = [join(folder, "thermal-provision"), "provision", "--directory", folder];
  await until(
    () =>
      done(["test", "-e", join(folder, "provision.txt")]).then(
        () => true,
        () => undefined,
      ),
    {
      seconds: 120,
      describe: () => "there is no provision.txt",
    },
  );
  await done(provision);
}

const camera = (folder: string) => readFileSync(join(folder, "thermal_config.json"), "utf8");
