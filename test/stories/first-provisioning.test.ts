import { expect, it } from "vitest";
import { Camera } from "./camera.ts";

it("a new camera registers, proves its token, and writes it into its configuration", async () => {
  await using camera = await Camera.start();
  const outcome = await camera.run();
  expect(outcome).toMatchObject({ result: "provisioned", exitStatus: 0 });
  expect(camera.tokensOnServer).toEqual([camera.token]);
  expect(camera.files.map((name) => name.replace(/\d{10}$/, "<seconds>"))).toEqual([
    "provision.json",
    "provision.txt.processed",
    "thermal_config.json",
    "thermal_config.json.backup.<seconds>",
  ]);
  expect(camera.journal).toEqual([]);
});
