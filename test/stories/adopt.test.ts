import { describe, expect, it } from "vitest";
import { nodeFileSystem } from "../../src/files/disk/file-system.ts";
import { givenCredentials } from "../../src/files/given-credentials.ts";
import { writeIntent } from "../../src/files/journal/journal.ts";
import { adopt } from "../../src/index.ts";
import { accessToken } from "../../src/simulator/index.ts";
import { intent } from "../files/sample.ts";
import { Camera, someConfig } from "./camera.ts";
import { hurriedClock } from "./hurried-clock.ts";

const token = "madeByAnAdministrator";
const deviceName = "camera of hall 7";

/** A camera whose device an administrator has made by hand. */
async function prepared(): Promise<Camera> {
  const camera = await Camera.start();
  camera.simulator.addDevice({ name: deviceName, credentials: accessToken(token) });
  return camera;
}

const take = (camera: Camera, text: string) =>
  adopt(givenCredentials(text, "the file"), { directory: camera.directory, clock: hurriedClock });

describe("adopt", () => {
  it("proves the credentials, and saves them as a provisioning does", async () => {
    await using camera = await prepared();
    const outcome = await take(camera, JSON.stringify({ access_token: token, device_name: deviceName }));
    expect(outcome).toMatchObject({ result: "provisioned", credentials: { deviceName } });
    expect(camera.token).toBe(token);
    expect(camera.read("thermal_config.json")).toContain('{ "name": "bearing", "x": 10, "y": 20 }, // the hot one');
    expect(camera.files.some((name) => name.startsWith("thermal_config.json.backup."))).toBe(true);
    expect(camera.has("provision.txt.processed")).toBe(true);
    expect(camera.simulator.devices).toHaveLength(1);
    expect(JSON.parse(camera.read("provisioning_status.json"))).toMatchObject({
      current_state: "COMPLETED",
      device_name: deviceName,
      correlation_id: outcome.status.correlationId,
    });
    camera.write("provision.txt", "");
    expect(await camera.run()).toMatchObject({ result: "already_provisioned" });
    expect(camera.simulator.devices).toHaveLength(1);
  });

  it("takes one line with the token, and the name from provision.json", async () => {
    await using camera = await prepared();
    camera.credentials({ device_name: deviceName });
    expect(await take(camera, `${token}\n`)).toMatchObject({ result: "provisioned", credentials: { deviceName } });
  });

  it("says what is missing where nothing names the device, before the server is asked", async () => {
    await using camera = await prepared();
    expect(await take(camera, token)).toMatchObject({
      result: "failed",
      exitStatus: 78,
      error: { errorCode: "GIVEN_CREDENTIALS_INVALID" },
    });
    expect(camera.simulator.heard).toEqual([]);
  });

  it("changes nothing where the server refuses them, or does not answer", async () => {
    await using camera = await prepared();
    const other = JSON.stringify({ access_token: "nobodyKnowsThisToken", device_name: deviceName });
    const before = camera.files;
    const refused = await take(camera, other);
    expect(refused).toMatchObject({ exitStatus: 77, error: { errorCode: "GIVEN_CREDENTIALS_REFUSED" } });
    await camera.simulator.close();
    expect(await take(camera, other)).toMatchObject({ exitStatus: 75 });
    expect(camera.files).toEqual(before);
    expect(camera.read("thermal_config.json")).toBe(someConfig);
    expect(camera.has("provisioning_status.json")).toBe(false);
    expect(JSON.stringify(refused)).not.toContain("nobodyKnowsThisToken");
  });

  it("names the device that is left behind", async () => {
    await using camera = await prepared();
    await camera.run();
    const former = camera.simulator.devices.find(({ name }) => name !== deviceName)?.name;
    const outcome = await take(camera, JSON.stringify({ access_token: token, device_name: deviceName }));
    expect(outcome.warnings.map(({ code, message }) => `${code} ${message}`).join("\n")).toContain(
      `DEVICE_LEFT_BEHIND`,
    );
    expect(outcome.warnings.some(({ message }) => message.includes(former ?? "?"))).toBe(true);
    expect(camera.token).toBe(token);
  });

  it("is refused while a provisioning is unfinished", async () => {
    await using camera = await prepared();
    writeIntent(nodeFileSystem, camera.directory, intent({ host: camera.simulator.host }));
    expect(await take(camera, JSON.stringify({ access_token: token, device_name: deviceName }))).toMatchObject({
      exitStatus: 78,
      error: { errorCode: "UNFINISHED_WORK" },
    });
  });
});

describe("given credentials", () => {
  it.each([
    ["nothing", ""],
    ["two lines", `${token}\nsecond`],
    ["half a JSON text", `{"access_token": "${token}"`],
    ["JSON without a token", `{"token": "${token}"}`],
    ["a name that is none", `{"access_token": "${token}", "device_name": "a\\nb"}`],
    ["the user name of a provisioning", "provision"],
  ])("that are %s are refused, and not quoted", (_, text) => {
    expect(() => givenCredentials(text, "the file")).toThrow(
      expect.objectContaining({
        errorCode: "GIVEN_CREDENTIALS_INVALID",
        message: expect.not.stringContaining(token),
      }),
    );
  });
});
