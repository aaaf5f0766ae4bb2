import { expect, it } from "vitest";
import { accessToken } from "../../src/simulator/index.ts";
import { Camera } from "./camera.ts";

async function beside(other: string): Promise<Camera> {
  const camera = await Camera.start({ scenario: [{ on: "request", do: "answerForAnotherDevice" }] });
  camera.simulator.addDevice({ name: other, credentials: accessToken("TokenOfAnotherDevice") });
  return camera;
}

it("An answer that was meant for another device: the camera keeps the device that it made, and its own secret.", async () => {
  await using camera = await beside("thermal-camera-OTHER0");
  const outcome = await camera.run();
  expect(outcome).toMatchObject({ result: "provisioned" });
  const [other, own] = camera.simulator.devices;
  expect(other).toMatchObject({ name: "thermal-camera-OTHER0" });
  expect(outcome).toMatchObject({ credentials: { deviceName: own?.name } });
  expect(own?.credentials).toEqual(accessToken(camera.token ?? ""));
  expect(camera.token).not.toBe("TokenOfAnotherDevice");
});
