import { expect, it } from "vitest";
import type { Randomness } from "../../src/base/randomness.ts";
import { systemRandomness } from "../../src/base/randomness.ts";
import { Camera } from "./camera.ts";

/** Randomness whose names are AAAAAA, BBBBBB, CCCCCC and so on; everything else is as random as ever. */
function namesInOrder(): Randomness {
  let next = 0;
  return {
    ...systemRandomness,
    bytes: (count) => (count === 6 ? new Uint8Array(6).fill(next++) : systemRandomness.bytes(count)),
  };
}

it("a generated name that is taken gives way to the next, with the same token", async () => {
  await using camera = await Camera.start();
  camera.simulator.addDevice({ name: "thermal-camera-AAAAAA" });
  const outcome = await camera.run({ randomness: namesInOrder() });
  expect(outcome).toMatchObject({ result: "provisioned", credentials: { deviceName: "thermal-camera-BBBBBB" } });
  const asked = camera.simulator.heard.flatMap(({ topic, payload }) =>
    topic === "/provision/request" && payload !== undefined ? [JSON.parse(payload)] : [],
  );
  expect(asked.map(({ deviceName }) => deviceName)).toEqual(
    ["AAAAAA", "AAAAAA", "BBBBBB"].map((end) => `thermal-camera-${end}`),
  );
  expect(new Set(asked.map(({ token }) => token)).size).toBe(1);
});

it("three names that are taken end the run with 77, and so does the next", async () => {
  await using camera = await Camera.start();
  for (const end of ["AAAAAA", "BBBBBB", "CCCCCC"]) camera.simulator.addDevice({ name: `thermal-camera-${end}` });
  const refused = { result: "failed", exitStatus: 77, error: { errorCode: "NAMES_REFUSED", isRetryable: false } };
  expect(await camera.run({ randomness: namesInOrder() })).toMatchObject(refused);
  expect(camera.journal.filter((name) => name.includes("/intent-"))).toHaveLength(3);
  expect(camera.has("provision.txt")).toBe(true);
  expect(await camera.run({ randomness: namesInOrder() })).toMatchObject(refused);
  expect(camera.simulator.devices).toHaveLength(3);
});

it("a fixed name that is taken is never changed: 77 with the causes", async () => {
  await using camera = await Camera.start({}, { device_name: "Kiln 3, north" });
  camera.simulator.addDevice({ name: "Kiln 3, north" });
  expect(await camera.run()).toMatchObject({
    result: "failed",
    exitStatus: 77,
    error: { errorCode: "DEVICE_REFUSED" },
  });
  expect(camera.simulator.devices).toHaveLength(1);
});

it("a fixed name that the administrator corrects goes on with the same token", async () => {
  await using camera = await Camera.start({}, { device_name: "taken" });
  camera.simulator.addDevice({ name: "taken" });
  await camera.run();
  camera.credentials({ device_name: "free" });
  expect(await camera.run()).toMatchObject({ result: "provisioned", credentials: { deviceName: "free" } });
  const tokens = camera.simulator.heard.flatMap(({ payload }) => /"token":"([^"]+)"/.exec(payload ?? "")?.[1] ?? []);
  expect(new Set(tokens).size).toBe(1);
});

it("a wrong secret ends with 77; with the right one the same name and token go on", async () => {
  await using camera = await Camera.start({}, { provision_device_secret: "not the secret" });
  const error = { errorCode: "PROVISION_DATA_NOT_FOUND", errorType: "AUTH", isRetryable: false };
  expect(await camera.run()).toMatchObject({
    result: "failed",
    exitStatus: 77,
    error,
    status: { currentState: "FAILED_VALIDATION" },
  });
  const asked = camera.simulator.heard.find(({ topic }) => topic === "/provision/request")?.payload ?? "{}";
  const { deviceName, token } = JSON.parse(asked);
  camera.credentials();
  expect(await camera.run()).toMatchObject({ result: "provisioned", credentials: { deviceName } });
  expect(camera.tokensOnServer).toEqual([token]);
});

it("the prefix of provision.json begins the name", async () => {
  await using camera = await Camera.start({}, { device_name_prefix: "kiln-camera" });
  await camera.run();
  expect(camera.simulator.devices[0]?.name).toMatch(/^kiln-camera-[A-Z0-9]{6}$/);
});
