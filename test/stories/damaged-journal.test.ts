import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { dryRun } from "../../src/dry-run.ts";
import { nodeFileSystem } from "../../src/files/disk/file-system.ts";
import { writeIntent, writeReceived } from "../../src/files/journal/journal.ts";
import { inspect } from "../../src/inspect.ts";
import { accessToken } from "../../src/simulator/index.ts";
import { intent, received } from "../files/sample.ts";
import { Camera, provisionKey, provisionSecret } from "./camera.ts";

/** A camera whose first answers were lost, with a device on the server, and a byte changed in a record of its journal. */
async function damaged(record: string, options: Parameters<typeof Camera.start>[0]): Promise<Camera> {
  const camera = await Camera.start(options);
  expect(await camera.run()).toMatchObject({ result: "failed", exitStatus: 75 });
  const path = join(camera.directory, ".thermal-provision", camera.simulator.host, record);
  const bytes = readFileSync(path);
  bytes[bytes.indexOf('"body"')] = 0x5b;
  writeFileSync(path, bytes);
  return camera;
}

/** Every proof of the first run. */
const unheard = { scenario: [1, 2, 3, 4].map((nth) => ({ on: "probe", nth, do: "lose" }) as const) };
const lost = {
  scenario: [
    { on: "request", nth: "every", do: "lose" },
    { on: "probe", nth: "every", do: "lose" },
  ],
} as const;

it("a damaged intent is no reason for a second device: the run ends with 78 and sends nothing", async () => {
  await using camera = await damaged("intent-1.json", lost);
  expect(camera.simulator.devices).toHaveLength(1);
  const heard = camera.simulator.heard.length;
  const journal = camera.journal;
  expect((await inspect({ directory: camera.directory })).nextRun).toBe("unclear");
  await expect(dryRun({ directory: camera.directory })).rejects.toMatchObject({ errorCode: "JOURNAL_UNREADABLE" });
  const outcome = await camera.run();
  expect(outcome).toMatchObject({ result: "failed", exitStatus: 78, error: { errorCode: "JOURNAL_UNREADABLE" } });
  expect(camera.simulator.heard.length).toBe(heard);
  expect(camera.journal).toEqual(journal);
  expect(camera.has("provision.txt")).toBe(true);
});

it("a damaged answer is put aside with a warning, and the intent leads to the same device", async () => {
  await using camera = await damaged("received-1.json", unheard);
  const outcome = await camera.run();
  expect(outcome).toMatchObject({ result: "provisioned" });
  expect(outcome.warnings.map(({ code }) => code)).toContain("JOURNAL_RECORD_DAMAGED");
  expect(camera.tokensOnServer).toEqual([camera.token]);
});

it("an answer that the server says once is kept although an earlier one was put aside as damaged", async () => {
  const deviceName = "Furnace 7";
  const profile = {
    name: "registered",
    provisionType: "CHECK_PRE_PROVISIONED_DEVICES",
    provisionDeviceKey: provisionKey,
    provisionDeviceSecret: provisionSecret,
  } as const;
  await using camera = await Camera.start({ profiles: [profile] }, { device_name: deviceName });
  camera.simulator.addDevice({ name: deviceName, credentials: accessToken("StoredOnTheServer001") });
  const { host } = camera.simulator;
  writeIntent(nodeFileSystem, camera.directory, intent({ host, deviceName }));
  // Of two earlier answers, both of them revoked by now, the first was damaged and is out of the way.
  writeReceived(nodeFileSystem, camera.directory, host, received({ number: 2, deviceName }));
  expect(await camera.run()).toMatchObject({ result: "provisioned" });
  expect(camera.token).toBe("StoredOnTheServer001");
});
