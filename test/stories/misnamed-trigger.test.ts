import { expect, it } from "vitest";
import { inspect } from "../../src/inspect.ts";
import { Camera } from "./camera.ts";

it.each([
  ["provision.txt.txt", "provision.txt.txt"],
  ["PROVISION.TXT", "PROVISION.TXT"],
  ["provision (1).txt", '"provision (1).txt"'],
  ["provision.txt ", '"provision.txt "'],
  ["provision", "provision"],
])("A trigger that is named %s is an error on a camera without credentials.", async (name, told) => {
  await using camera = await Camera.start();
  camera.remove("provision.txt");
  camera.write(name, "");
  const outcome = await camera.run();
  expect(outcome).toMatchObject({ result: "failed", exitStatus: 78, error: { errorCode: "TRIGGER_NAME_WRONG" } });
  expect(outcome).toHaveProperty("error.message", expect.stringContaining(`holds ${told}, and no provision.txt`));
  expect(camera.simulator.heard).toEqual([]);
  expect(JSON.parse(camera.read("provisioning_status.json"))).toMatchObject({ current_state: "FAILED_CONFIG" });
  expect((await inspect({ directory: camera.directory })).camera.misnamedTrigger).toBe(name);
});

it("A trigger that is misnamed on a provisioned camera is a warning.", async () => {
  await using camera = await Camera.start();
  await camera.run();
  camera.write("provision.txt.txt", "");
  expect(await camera.run()).toMatchObject({
    result: "nothing_to_do",
    warnings: [{ code: "TRIGGER_MISNAMED", message: expect.stringContaining("It is provision.txt.txt.") }],
    camera: { state: "provisioned" },
  });
});
