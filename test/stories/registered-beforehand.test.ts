import { describe, expect, it } from "vitest";
import type { Outcome } from "../../src/index.ts";
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

const stored = "StoredOnTheServer001";

describe("a token known in advance", () => {
  const codes = (outcome: Outcome) => outcome.warnings.map(({ code }) => code);
  const requests = (camera: Camera) =>
    camera.simulator.heard.filter(({ topic }) => topic === "/provision/request").length;

  it("is proved, and then the device is claimed, so that no second camera gets it", async () => {
    await using camera = await registered({}, { access_token: stored });
    const outcome = await camera.run();
    expect(outcome).toMatchObject({ result: "provisioned" });
    expect(camera.token).toBe(stored);
    expect([requests(camera), codes(outcome).includes("CLAIM_OPEN")]).toEqual([1, false]);
    camera.write("provision.txt", "");
    camera.remove("thermal_config.json");
    camera.credentials({ device_name: name });
    expect(await camera.run()).toMatchObject({ error: { errorCode: "DEVICE_REFUSED" } });
  });

  it.each([
    ["the name is nobody's", { device_name: "nosuch" }, "The server answered the claim with FAILURE"],
    [
      "the key is not known",
      { provision_device_key: "mistyped" },
      "The claim failed: the server does not know this provision key",
    ],
  ])("is kept, with a warning that the claim is open and why: %s", async (_, mistake, why) => {
    const profiles = [{ ...profile, deviceIdAfter: 0 }];
    await using camera = await registered({ profiles }, { access_token: stored, ...mistake });
    const outcome = await camera.run();
    expect(outcome).toMatchObject({ result: "provisioned", exitStatus: 0 });
    expect(camera.token).toBe(stored);
    const open = outcome.warnings.find(({ code }) => code === "CLAIM_OPEN");
    expect(open?.message).toContain(why);
    expect(open?.message).toContain("The server says that the device's id is");
    expect(camera.simulator.devices).toHaveLength(1);
    expect(outcome.status.lastError).toBeUndefined();
  });

  it("is kept when the claim's answers are lost, however often", async () => {
    await using camera = await registered(
      { scenario: Array(4).fill({ on: "request", do: "close" }) },
      { access_token: stored },
    );
    const outcome = await camera.run();
    expect(outcome).toMatchObject({ result: "provisioned" });
    expect(camera.token).toBe(stored);
    expect(codes(outcome)).toContain("CLAIM_OPEN");
  });

  it("is kept where the profile makes new devices, and none is made", async () => {
    const made = { ...profile, provisionType: "ALLOW_CREATE_NEW_DEVICES" } as const;
    await using camera = await registered({ profiles: [made] }, { access_token: stored });
    expect(codes(await camera.run())).toContain("CLAIM_OPEN");
    expect(camera.simulator.devices).toHaveLength(1);
  });

  describe("that is another device's", () => {
    async function mixedUp(): Promise<Camera> {
      const camera = await registered({}, { access_token: "OfTheNextInTheList01" });
      camera.simulator.addDevice({ name: "Furnace 8", credentials: accessToken("OfTheNextInTheList01") });
      return camera;
    }

    it("ends with 78 and a word for it, and the configuration is not touched", async () => {
      await using camera = await mixedUp();
      const before = camera.read("thermal_config.json");
      const error = { errorCode: "CREDENTIALS_OF_ANOTHER_DEVICE" };
      for (const requested of [1, 1]) {
        expect(await camera.run()).toMatchObject({ result: "failed", exitStatus: 78, error });
        expect(requests(camera)).toBe(requested);
      }
      expect(camera.read("thermal_config.json")).toBe(before);
      expect(camera.journal.map((path) => path.replace(/.*\//, "")).sort()).toEqual([
        "intent-1.json",
        "received-1.json",
        "sent-1.json",
      ]);
    });

    it("leaves what the server said once for the one who takes it out of provision.json", async () => {
      await using camera = await mixedUp();
      await camera.run();
      camera.credentials({ device_name: name });
      expect(await camera.run()).toMatchObject({ result: "provisioned", credentials: { deviceName: name } });
      expect([camera.token, requests(camera)]).toEqual([stored, 1]);
    });

    it("is that device's once its name is put right", async () => {
      await using camera = await mixedUp();
      await camera.run();
      camera.credentials({ device_name: "Furnace 8", access_token: "OfTheNextInTheList01" });
      const outcome = await camera.run();
      expect(outcome).toMatchObject({ result: "provisioned", credentials: { deviceName: "Furnace 8" } });
      expect(codes(outcome)).not.toContain("CLAIM_OPEN");
      expect(camera.token).toBe("OfTheNextInTheList01");
    });
  });
});
