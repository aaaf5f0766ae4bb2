import { statSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { Camera, someConfig } from "./camera.ts";

it("what is not ours in the configuration survives byte for byte", async () => {
  await using camera = await Camera.start();
  await camera.run();
  const config = camera.read("thermal_config.json");
  for (const line of someConfig.split("\n").filter((line) => /serial|written|bearing|palette/.test(line))) {
    expect(config).toContain(
      line
        .replace(/ \},?$/, "")
        .trimEnd()
        .slice(0, 40),
    );
  }
  const [backup] = camera.files.filter((name) => name.includes(".backup."));
  expect(camera.read(backup ?? "")).toBe(someConfig);
});

it("spots that another program edits while the camera waits for the server are kept", async () => {
  await using camera = await Camera.start();
  const edited = someConfig.replace('"palette": "iron"', '"palette": "rainbow"');
  const outcome = await camera.run({
    onStatus: ({ currentState }) => {
      if (currentState === "VALIDATING_RESPONSE") camera.write("thermal_config.json", edited);
    },
  });
  expect(outcome).toMatchObject({ result: "provisioned" });
  expect(camera.read("thermal_config.json")).toContain('"palette": "rainbow"');
  const [backup] = camera.files.filter((name) => name.includes(".backup."));
  expect(camera.read(backup ?? "")).toBe(edited);
});

it("a configuration that is absent is made, for its owner only, with three sections", async () => {
  await using camera = await Camera.start();
  camera.remove("thermal_config.json");
  expect(await camera.run()).toMatchObject({ result: "provisioned" });
  expect(Object.keys(JSON.parse(camera.read("thermal_config.json")))).toEqual(["device", "server", "provisioning"]);
  expect(statSync(join(camera.directory, "thermal_config.json")).mode & 0o777).toBe(0o600);
});

it("the configuration has the specification's fields", async () => {
  await using camera = await Camera.start();
  camera.write("thermal_config.json", "{}");
  await camera.run();
  const name = camera.simulator.devices[0]?.name;
  expect(JSON.parse(camera.read("thermal_config.json"))).toEqual({
    device: { device_id: null, device_name: name, access_token: camera.token, credentials_type: "ACCESS_TOKEN" },
    server: { url: "127.0.0.1", port: camera.simulator.port, use_ssl: false },
    provisioning: {
      provisioned_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      provisioned_from: "provision.json",
      provisioned_with: expect.stringMatching(/^[0-9a-f]{16}-[0-9a-f]{16}$/),
      attempt_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    },
  });
});

it("a configuration that becomes unreadable while the camera waits is never overwritten; the next run finishes", async () => {
  await using camera = await Camera.start();
  const outcome = await camera.run({
    onStatus: ({ currentState }) => {
      if (currentState === "VALIDATING_RESPONSE") camera.write("thermal_config.json", "{ half");
    },
  });
  expect(outcome).toMatchObject({ result: "failed", exitStatus: 78, error: { errorCode: "CONFIG_FILE_INVALID" } });
  expect(camera.read("thermal_config.json")).toBe("{ half");
  camera.write("thermal_config.json", someConfig);
  expect(await camera.run()).toMatchObject({ result: "provisioned" });
  expect(camera.tokensOnServer).toEqual([camera.token]);
});
