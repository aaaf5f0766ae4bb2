import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { Secret } from "../../src/base/secret.ts";
import { type FileSystem, nodeFileSystem } from "../../src/files/disk/file-system.ts";
import { viewJournals } from "../../src/files/journal/journal.ts";
import { changedConfig } from "../../src/files/thermal-config-file.ts";
import type { Outcome } from "../../src/index.ts";
import { Camera, provisionKey } from "./camera.ts";

it("a run that waited for the lock while another did the work reads no configuration and asks nobody", async () => {
  await using camera = await Camera.start();
  let first: Outcome | undefined;
  const files: FileSystem = {
    ...nodeFileSystem,
    async lock(folder) {
      first = await camera.run({ onStatus: () => {} });
      return nodeFileSystem.lock(folder);
    },
  };
  expect(await camera.run({ files })).toMatchObject({ result: "nothing_to_do", exitStatus: 0 });
  expect(first).toMatchObject({ result: "provisioned" });
  expect(camera.statuses.map(({ currentState }) => currentState)).not.toContain("LOADING_CONFIG");
  expect(camera.tokensOnServer).toEqual([camera.token]);
});

it("a run without a lock says so, and works", async () => {
  await using camera = await Camera.start();
  const outcome = await camera.run({ files: { ...nodeFileSystem, lock: async () => "unavailable" } });
  expect(outcome).toMatchObject({ result: "provisioned" });
  expect(outcome.warnings.map(({ code }) => code)).toContain("NO_LOCK");
});

it("an attempt that another run ends just before the first request is only finished, and nobody is asked", async () => {
  await using camera = await Camera.start();
  const { directory, simulator } = camera;
  /** What another run that the lock did not stop has written, once the intent is there. */
  const write = () => {
    const [intent] = viewJournals(nodeFileSystem, directory)[0]?.intents ?? [];
    if (intent === undefined) throw new Error("there is no intent");
    const path = join(directory, "thermal_config.json");
    const change = {
      deviceId: null,
      deviceName: intent.deviceName,
      credentials: intent.credentials,
      host: simulator.host,
      serverPort: simulator.port,
      useSsl: false,
      provisionedAt: new Date("2025-10-23T14:30:00Z"),
      provisionedWith: new Secret(provisionKey).fingerprint(),
      attemptId: intent.attemptId,
    };
    writeFileSync(path, changedConfig({ bytes: readFileSync(path) }, change));
  };
  const files: FileSystem = {
    ...nodeFileSystem,
    link(existing, path) {
      nodeFileSystem.link(existing, path);
      if (path.endsWith("intent-1.json")) write();
    },
  };
  const outcome = await camera.run({ files });
  expect(outcome).toMatchObject({ result: "provisioned", credentials: { host: simulator.host } });
  expect(camera.files).toEqual(["provision.json", "provision.txt.processed", "thermal_config.json"]);
  expect(camera.journal).toEqual([]);
  expect(simulator.heard).toEqual([]);
});
