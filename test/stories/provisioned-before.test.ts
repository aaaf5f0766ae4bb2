import { rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { nodeFileSystem } from "../../src/files/disk/file-system.ts";
import { writeIntent, writeReceived } from "../../src/files/journal/journal.ts";
import type { Connect, Outcome } from "../../src/index.ts";
import { accessToken, Simulator } from "../../src/simulator/index.ts";
import { connect } from "../../src/transport/connect.ts";
import { intent, received } from "../files/sample.ts";
import { Camera, openProfile } from "./camera.ts";

/** A camera that has been provisioned, and finds the trigger again. */
async function again(): Promise<Camera> {
  const camera = await Camera.start();
  await camera.run();
  camera.remove("provision.txt.processed");
  camera.write("provision.txt", "");
  camera.statuses.length = 0;
  return camera;
}

describe("a camera that was provisioned before", () => {
  it("and has no trigger touches nothing and contacts nobody", async () => {
    await using camera = await Camera.start();
    await camera.run();
    const heard = camera.simulator.heard.length;
    const status = camera.read("provisioning_status.json");
    expect(await camera.run()).toMatchObject({ result: "nothing_to_do", exitStatus: 0 });
    expect(camera.simulator.heard.length).toBe(heard);
    expect(camera.read("provisioning_status.json")).toBe(status);
  });

  it("keeps its device when the trigger comes again", async () => {
    await using camera = await again();
    const config = camera.read("thermal_config.json");
    expect(await camera.run()).toMatchObject({ result: "already_provisioned", exitStatus: 0 });
    expect(camera.read("thermal_config.json")).toBe(config);
    expect(camera.has("provision.txt")).toBe(false);
    expect(camera.simulator.devices).toHaveLength(1);
    expect(camera.statuses.at(-2)?.currentState).toBe("VALIDATING_RESPONSE");
  });

  it("keeps credentials that another program wrote, once the server has accepted them, and fills in the rest", async () => {
    await using camera = await again();
    const [device] = camera.simulator.devices;
    const written = {
      device: { device_name: device?.name, access_token: camera.token, credentials_type: "ACCESS_TOKEN" },
      server: { url: camera.simulator.host, port: camera.simulator.port, use_ssl: false },
      provisioning: { provisioned_at: "2025-10-23T14:30:00Z", provisioned_from: "provision.json" },
    };
    camera.write("thermal_config.json", JSON.stringify(written));
    const outcome = await camera.run();
    expect(outcome).toMatchObject({ result: "already_provisioned" });
    expect(camera.simulator.devices).toHaveLength(1);
    const config = JSON.parse(camera.read("thermal_config.json"));
    expect(config.provisioning).toMatchObject({
      provisioned_at: "2025-10-23T14:30:00Z",
      attempt_id: outcome.status.correlationId,
      provisioned_with: expect.any(String),
    });
  });

  it("gets the device id that it lacks", async () => {
    await using camera = await again();
    const id = camera.simulator.devices[0]?.id;
    camera.simulator.setAttributes(camera.simulator.devices[0] ?? "", { deviceId: id ?? "" });
    expect(await camera.run()).toMatchObject({ result: "already_provisioned", credentials: { deviceId: id } });
    expect(camera.read("thermal_config.json")).toContain(`"device_id": "${id}"`);
  });

  it("follows the server to another port", async () => {
    await using camera = await again();
    const [device] = camera.simulator.devices;
    await using moved = await Simulator.start();
    moved.addDevice({
      name: device?.name ?? "",
      credentials: accessToken(camera.token ?? ""),
    });
    camera.credentials({ server_port: moved.port });
    expect(await camera.run()).toMatchObject({ result: "already_provisioned" });
    expect(camera.read("thermal_config.json")).toContain(`"port": ${moved.port}`);
  });

  it("keeps the trigger and ends with 75 when the server does not answer", async () => {
    await using camera = await again();
    await camera.simulator.close();
    expect(await camera.run()).toMatchObject({ result: "failed", exitStatus: 75 });
    expect(camera.has("provision.txt")).toBe(true);
  });

  it.each([
    ["was removed", / "device_name": "[^"]*",/, ""],
    ["was emptied", /"device_name": "[^"]*"/, '"device_name": ""'],
    ["was given a blank", /"device_name": "[^"]*"/, '"device_name": "cam 1 "'],
    ["became a number", /"device_name": "[^"]*"/, '"device_name": 7'],
  ])("keeps its device although its name %s by somebody, and says so", async (_, name, instead) => {
    await using camera = await again();
    const config = camera.read("thermal_config.json").replace(name, instead);
    camera.write("thermal_config.json", config);
    const outcome = await camera.run();
    expect(outcome).toMatchObject({ result: "already_provisioned", exitStatus: 0 });
    expect(outcome.warnings.map(({ code }) => code)).toContain("NO_DEVICE_NAME");
    expect(camera.read("thermal_config.json")).toBe(config);
    expect(camera.has("provision.txt")).toBe(false);
    expect(camera.simulator.devices).toHaveLength(1);
  });

  it("becomes a new device when its token is refused twice; the old token is never offered", async () => {
    await using camera = await again();
    const former = camera.token;
    camera.simulator.removeDevice(camera.simulator.devices[0] ?? "");
    const outcome = await camera.run();
    expect(outcome).toMatchObject({ result: "provisioned" });
    expect(outcome.warnings.map(({ code }) => code)).toContain("CREDENTIALS_REPLACED");
    expect(camera.retries).toHaveLength(1);
    expect(camera.token).not.toBe(former);
    expect(camera.tokensOnServer).toEqual([camera.token]);
    expect(camera.files.filter((name) => name.includes("backup"))).toHaveLength(2);
  });

  it("becomes a new device with another provisioning key", async () => {
    const profile = { name: "a", provisionType: "ALLOW_CREATE_NEW_DEVICES", provisionDeviceSecret: "s" } as const;
    const profiles = [
      { ...profile, provisionDeviceKey: "one" },
      { ...profile, name: "b", provisionDeviceKey: "two" },
    ];
    await using camera = await Camera.start(
      { profiles },
      { provision_device_key: "one", provision_device_secret: "s" },
    );
    await camera.run();
    camera.write("provision.txt", "");
    camera.credentials({ provision_device_key: "two", provision_device_secret: "s" });
    const outcome = await camera.run();
    expect(outcome).toMatchObject({ result: "provisioned" });
    expect(camera.simulator.devices.map(({ profile }) => profile)).toEqual(["a", "b"]);
    const [former] = camera.simulator.devices;
    expect(outcome.warnings).toContainEqual({
      code: "DEVICE_LEFT_BEHIND",
      message: expect.stringContaining(
        `It is ${former?.name} on 127.0.0.1: provision.json has another provisioning key`,
      ),
    });
  });

  it("says that it leaves a device behind also where nobody knows its name any more", async () => {
    await using camera = await Camera.start();
    const config = { device: { access_token: "T" }, server: { url: "former.example" } };
    camera.write("thermal_config.json", JSON.stringify(config));
    const { warnings } = await camera.run();
    expect(warnings.find(({ code }) => code === "DEVICE_LEFT_BEHIND")?.message).toContain(
      "It is one without a name on former.example: ",
    );
  });

  it("becomes a new device with --new-identity, and only one, however often that is tried", async () => {
    await using camera = await again();
    camera.simulator.addBehaviours([{ on: "request", nth: "every", do: "close", when: "before the work" }]);
    expect(await camera.run({ newIdentity: true })).toMatchObject({ result: "failed", exitStatus: 75 });
    const { journal } = camera;
    expect(await camera.run({ newIdentity: true })).toMatchObject({ result: "failed", exitStatus: 75 });
    expect(camera.journal).toEqual(journal);
    expect(journal).toHaveLength(2);
    const tokens = camera.simulator.heard.flatMap(({ payload }) => /"token":"([^"]+)"/.exec(payload ?? "")?.[1] ?? []);
    expect(new Set(tokens).size).toBe(2);
  });

  it("says which device it leaves behind when a new identity is asked for, and nothing when it keeps its own", async () => {
    await using camera = await again();
    const left = ({ warnings }: Outcome) => warnings.filter(({ code }) => code === "DEVICE_LEFT_BEHIND").length;
    expect(left(await camera.run())).toBe(0);
    camera.write("provision.txt", "");
    expect(left(await camera.run({ newIdentity: true }))).toBe(1);
  });
});

it("an answer whose token is refused is put aside beside credentials that work, and asked about once", async () => {
  await using camera = await again();
  const { host } = camera.simulator;
  writeIntent(nodeFileSystem, camera.directory, intent({ host }));
  writeReceived(nodeFileSystem, camera.directory, host, received());
  rmSync(join(camera.directory, ".thermal-provision", host, "intent-1.json"));
  const outcome = await camera.run();
  expect(outcome).toMatchObject({ result: "already_provisioned" });
  expect(outcome.warnings.map(({ code }) => code)).toContain("INTENT_SET_ASIDE");
  const heard = camera.simulator.heard.length;
  expect(await camera.run()).toMatchObject({ result: "nothing_to_do" });
  expect(camera.simulator.heard.length).toBe(heard);
});

it("--new-identity puts an unfinished provisioning aside and does not delete it", async () => {
  const scenario = [{ on: "request", nth: "every", do: "refuse", status: "NOT_FOUND" }] as const;
  await using camera = await Camera.start({ scenario });
  await camera.run();
  const outcome = await camera.run({ newIdentity: true });
  expect(outcome.warnings.map(({ code }) => code)).toContain("INTENT_SET_ASIDE");
  const tokens = camera.simulator.heard.flatMap(({ payload }) => /"token":"([^"]+)"/.exec(payload ?? "")?.[1] ?? []);
  expect(new Set(tokens).size).toBe(2);
});

it("a camera that is sent to another server and back finds its journal again", async () => {
  await using camera = await Camera.start({}, { provision_device_secret: "wrong" });
  await camera.run();
  const tokens = ({ heard }: Simulator) =>
    heard.flatMap(({ payload }) => /"token":"([^"]+)"/.exec(payload ?? "")?.[1] ?? []);
  await using other = await Simulator.start({ profiles: [openProfile] });
  camera.credentials({ server_url: "localhost", server_port: other.port });
  expect(await camera.run()).toMatchObject({ result: "provisioned" });
  const [here] = tokens(camera.simulator);
  expect(tokens(other)).not.toContain(here);
  camera.remove("provision.txt.processed");
  expect(await camera.run()).toMatchObject({ result: "nothing_to_do" });
  camera.write("provision.txt", "");
  camera.credentials();
  expect(await camera.run()).toMatchObject({ result: "provisioned" });
  expect(new Set(tokens(camera.simulator))).toEqual(new Set([here]));
  expect(camera.token).toBe(here);
});

it.each([
  ["0:0:0:0:0:0:0:1", "0::0001"],
  ["::ffff:127.0.0.1", "127.0.0.1"],
])("a server's address that is spelt %s now and %s then is one server, and one device", async (now, then) => {
  await using camera = await Camera.start({}, { server_url: now });
  const toSimulator: Connect = ({ tls: _, port }, signal) => connect({ host: camera.simulator.host, port }, signal);
  camera.simulator.addBehaviours([{ on: "request", do: "refuse", status: "NOT_FOUND" }]);
  expect(await camera.run({ connect: toSimulator })).toMatchObject({ result: "failed", exitStatus: 77 });
  camera.credentials({ server_url: then });
  expect(await camera.run({ connect: toSimulator })).toMatchObject({ result: "provisioned" });
  expect(camera.tokensOnServer).toEqual([camera.token]);
  expect(camera.journal).toEqual([]);
  const foreign = camera.read("thermal_config.json").replace(/"url": "[^"]*"/, `"url": "${now}"`);
  camera.write("thermal_config.json", foreign);
  camera.write("provision.txt", "");
  expect(await camera.run({ connect: toSimulator })).toMatchObject({ result: "already_provisioned" });
  expect(camera.simulator.devices).toHaveLength(1);
});

it("a key that was mistyped and then corrected makes no second device", async () => {
  await using camera = await again();
  camera.credentials({ provision_device_key: "mistyped" });
  expect(await camera.run()).toMatchObject({ result: "failed", exitStatus: 77 });
  camera.credentials();
  expect(await camera.run()).toMatchObject({ result: "already_provisioned", exitStatus: 0 });
  expect(camera.simulator.devices).toHaveLength(1);
});
