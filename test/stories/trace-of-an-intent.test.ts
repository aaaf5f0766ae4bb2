import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { inspect } from "../../src/inspect.ts";
import { Camera } from "./camera.ts";

/** A camera on FAT whose power was cut while the first intent was made: its name is there, its bytes are not. */
async function cutOffBeforeAnythingWasSent(): Promise<Camera> {
  const camera = await Camera.start();
  const folder = join(".thermal-provision", camera.simulator.host);
  mkdirSync(join(camera.directory, folder), { recursive: true });
  camera.write(join(folder, "intent-1.json"), "");
  return camera;
}

it("the trace of an intent that was never sent makes no device when nobody asks for one", async () => {
  await using camera = await cutOffBeforeAnythingWasSent();
  camera.remove("provision.txt");
  expect((await inspect({ directory: camera.directory })).nextRun).toBe("nothing");
  expect(await camera.run()).toMatchObject({ result: "nothing_to_do", exitStatus: 0 });
  expect(camera.simulator.heard).toEqual([]);
  expect(camera.journal).toEqual([]);
  expect(camera.has("provision.txt.processed")).toBe(false);
});

it("the trace of an intent that was never sent is no obstacle when there is a trigger", async () => {
  await using camera = await cutOffBeforeAnythingWasSent();
  expect(await camera.run()).toMatchObject({ result: "provisioned" });
  expect(camera.tokensOnServer).toEqual([camera.token]);
});
