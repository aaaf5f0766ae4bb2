import { describe, expect, it } from "vitest";
import { seconds } from "../../src/base/duration.ts";
import { Camera, provisionKey, provisionSecret } from "./camera.ts";

/** A server with the rule chain, which takes so many milliseconds. */
function withRuleChain(deviceIdAfter: number) {
  const profile = {
    name: "thermal-camera",
    provisionType: "ALLOW_CREATE_NEW_DEVICES",
    provisionDeviceKey: provisionKey,
    provisionDeviceSecret: provisionSecret,
    deviceIdAfter,
  } as const;
  return { profiles: [profile] };
}

describe("the device id", () => {
  it("is there when the camera asks for the first time", async () => {
    await using camera = await Camera.start(withRuleChain(0));
    const outcome = await camera.run();
    expect(outcome).toMatchObject({ credentials: { deviceId: camera.simulator.devices[0]?.id } });
    expect(outcome.warnings.map(({ code }) => code)).not.toContain("NO_DEVICE_ID");
    expect(JSON.stringify(camera.read("thermal_config.json"))).toContain(camera.simulator.devices[0]?.id);
  });

  it("comes a moment after the connection", async () => {
    await using camera = await Camera.start(withRuleChain(20));
    // Half a second on the hurried clock is 10 ms.
    const outcome = await camera.run({ deviceIdWithin: seconds(200) });
    expect(outcome).toMatchObject({ credentials: { deviceId: camera.simulator.devices[0]?.id } });
  });

  it("is null, with a warning that says how to get one, on a server that never tells it", async () => {
    await using camera = await Camera.start();
    const outcome = await camera.run();
    expect(outcome).toMatchObject({ result: "provisioned", credentials: { deviceId: null } });
    expect(outcome.warnings.map(({ code }) => code)).toContain("NO_DEVICE_ID");
    expect(camera.read("thermal_config.json")).toContain('"device_id": null');
  });

  it("is asked for several times within its bound", async () => {
    await using camera = await Camera.start();
    await camera.run();
    const asked = camera.simulator.heard.filter(({ topic }) => topic?.startsWith("v2/a/req/j/"));
    expect(asked.map(({ topic }) => topic?.split("/").at(-1))).toEqual(["1", "2", "3", "4", "5"]);
  });

  it("is not waited for when no time is given for it", async () => {
    await using camera = await Camera.start();
    const outcome = await camera.run({ deviceIdWithin: seconds(0) });
    expect(outcome).toMatchObject({ result: "provisioned", credentials: { deviceId: null } });
    const asked = camera.simulator.heard.filter(({ topic }) => topic?.startsWith("v2/a/req/j/"));
    expect(asked).toHaveLength(1);
  });

  it("that is not a UUID is ignored with a warning", async () => {
    const profile = { name: "p", provisionType: "CHECK_PRE_PROVISIONED_DEVICES" } as const;
    const profiles = [{ ...profile, provisionDeviceKey: provisionKey, provisionDeviceSecret: provisionSecret }];
    await using camera = await Camera.start({ profiles }, { device_name: "odd" });
    camera.simulator.addDevice({ name: "odd", attributes: { shared: { deviceId: "seven" } } });
    const outcome = await camera.run();
    expect(outcome).toMatchObject({ result: "provisioned", credentials: { deviceId: null } });
    expect(outcome.warnings.map(({ code }) => code)).toEqual(["PLAIN_TEXT", "DEVICE_ID_INVALID", "NO_DEVICE_ID"]);
  });
});
