import { expect, it } from "vitest";
import { Camera } from "./camera.ts";

/** A camera whose run was killed after its last deed, while it wrote that it was done. */
async function killedAtTheEnd(): Promise<Camera> {
  const camera = await Camera.start();
  await camera.run();
  const status = JSON.parse(camera.read("provisioning_status.json"));
  camera.write("provisioning_status.json", JSON.stringify({ ...status, current_state: "UPDATING_CONFIG" }));
  camera.write(".provisioning_status.json.0123456789abcdef.tmp", "half a sta");
  return camera;
}

it("a run that was killed while it wrote that it was done leaves nothing after the next", async () => {
  await using camera = await killedAtTheEnd();
  const heard = camera.simulator.heard.length;
  expect(await camera.run()).toMatchObject({ result: "nothing_to_do", exitStatus: 0 });
  expect(camera.files.filter((name) => name.endsWith(".tmp"))).toEqual([]);
  const name = camera.simulator.devices[0]?.name;
  expect(JSON.parse(camera.read("provisioning_status.json"))).toMatchObject({
    current_state: "COMPLETED",
    device_name: name,
  });
  expect(camera.simulator.heard.length).toBe(heard);
});

it("what looks like a temporary file and is not ours stays", async () => {
  await using camera = await killedAtTheEnd();
  camera.write(".palette.json.0123456789abcdef.tmp", "mine");
  await camera.run();
  expect(camera.files).toContain(".palette.json.0123456789abcdef.tmp");
});

it("nothing to do is no failure where the tidying is not possible", async () => {
  await using camera = await killedAtTheEnd();
  const { nodeFileSystem } = await import("../../src/files/disk/file-system.ts");
  const readOnly = {
    ...nodeFileSystem,
    unlink: () => {
      throw Object.assign(new Error("EROFS"), { code: "EROFS", errno: -30 });
    },
  };
  expect(await camera.run({ files: readOnly })).toMatchObject({ result: "nothing_to_do", exitStatus: 0 });
});
