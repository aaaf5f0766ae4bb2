import { describe, expect, it } from "vitest";
import { accessToken, type SimulatorOptions, x509Certificate } from "../../src/simulator/index.ts";
import { Camera, provisionKey, provisionSecret } from "./camera.ts";

const name = "Furnace 7";
const profile = {
  name: "registered",
  provisionType: "CHECK_PRE_PROVISIONED_DEVICES",
  provisionDeviceKey: provisionKey,
  provisionDeviceSecret: provisionSecret,
} as const;

async function registered(
  options: SimulatorOptions = {},
  credentials: Readonly<Record<string, unknown>> = {},
): Promise<Camera> {
  const camera = await Camera.start({ profiles: [profile], ...options }, { device_name: name, ...credentials });
  camera.simulator.addDevice({ name, credentials: accessToken("StoredOnTheServer001") });
  return camera;
}

describe("a device that was registered beforehand", () => {
  it("is claimed, with the server's own token", async () => {
    await using camera = await registered();
    expect(await camera.run()).toMatchObject({ result: "provisioned", credentials: { deviceName: name } });
    expect(camera.token).toBe("StoredOnTheServer001");
    expect(camera.simulator.devices).toHaveLength(1);
  });

  it("is claimed again after a lost answer, on a server that repeats it (4.0.2)", async () => {
    await using camera = await registered({ version: "4.0.2", scenario: [{ on: "request", do: "close" }] });
    expect(await camera.run()).toMatchObject({ result: "provisioned" });
    expect(camera.token).toBe("StoredOnTheServer001");
  });

  it.each([
    ["before the answer", "may have been"],
    ["after the acknowledgement", "was probably"],
  ] as const)("is lost with the answer on a server that says it once: 77 (%s)", async (when, likely) => {
    await using camera = await registered({ scenario: [{ on: "request", do: "close", when }] });
    const outcome = await camera.run();
    expect(outcome).toMatchObject({ result: "failed", exitStatus: 77, error: { errorCode: "DEVICE_REFUSED" } });
    // What is said first is what happened here, and not that the device is not registered.
    const said = `this camera's own request ${likely} carried out, and its answer lost: on the server delete `;
    expect("error" in outcome && outcome.error.message.startsWith(said)).toBe(true);
    // The administrator can mend it.
    camera.simulator.deleteAttributes(name, ["provisionState"], "server");
    expect(await camera.run()).toMatchObject({ result: "provisioned" });
    expect(camera.token).toBe("StoredOnTheServer001");
  });

  it("needs no request at all when its token is known beforehand", async () => {
    await using camera = await registered({}, { access_token: "StoredOnTheServer001" });
    expect(await camera.run()).toMatchObject({ result: "provisioned" });
    expect(camera.token).toBe("StoredOnTheServer001");
    expect(camera.simulator.heard.filter(({ topic }) => topic === "/provision/request")).toEqual([]);
  });

  it("is not said to be proved by its name where only the token was: they may be of two devices", async () => {
    await using camera = await registered({}, { access_token: "StoredOnTheServer001", device_name: "nosuch" });
    const outcome = await camera.run();
    expect(outcome).toMatchObject({ result: "provisioned", credentials: { deviceName: "nosuch" } });
    expect(outcome.warnings.map(({ code }) => code)).toContain("NAME_NOT_PROVED");
    await using claimed = await registered();
    expect((await claimed.run()).warnings.map(({ code }) => code)).not.toContain("NAME_NOT_PROVED");
  });

  it("is claimed when the token that is known beforehand is refused", async () => {
    await using camera = await registered({}, { access_token: "SomeOldToken" });
    expect(await camera.run()).toMatchObject({ result: "provisioned" });
    expect(camera.token).toBe("StoredOnTheServer001");
  });

  it("is found by a token that the administrator adds after a lost answer", async () => {
    await using camera = await registered({ scenario: [{ on: "request", do: "close" }] });
    await camera.run();
    camera.credentials({ device_name: name, access_token: "StoredOnTheServer001" });
    expect(await camera.run()).toMatchObject({ result: "provisioned" });
    expect(camera.token).toBe("StoredOnTheServer001");
  });

  it("with a certificate is a typed error, and the same device after the administrator's change", async () => {
    await using camera = await registered();
    camera.simulator.setCredentials(name, x509Certificate("MIIB"));
    const error = { errorCode: "CREDENTIALS_TYPE_UNSUPPORTED" };
    expect(await camera.run()).toMatchObject({ result: "failed", exitStatus: 77, error });
    camera.simulator.setCredentials(name, accessToken("NowAnAccessToken"));
    camera.simulator.deleteAttributes(name, ["provisionState"], "server");
    expect(await camera.run()).toMatchObject({ result: "provisioned" });
    expect(camera.token).toBe("NowAnAccessToken");
  });
});
