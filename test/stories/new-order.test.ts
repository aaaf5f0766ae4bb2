import { expect, it } from "vitest";
import { type FileSystem, nodeFileSystem } from "../../src/files/disk/file-system.ts";
import { Simulator } from "../../src/simulator/index.ts";
import { systemError } from "../files/disk/watched-file-system.ts";
import { Camera, provisionKey, provisionSecret } from "./camera.ts";

/** A disk on which a run comes as far as the trigger: the configuration is written, the journal still there. */
const upToTheTrigger: FileSystem = {
  ...nodeFileSystem,
  rename(from, to) {
    if (to.endsWith(".processed")) throw systemError("EIO", "rename");
    nodeFileSystem.rename(from, to);
  },
};

async function cutOffAtTheTrigger(options: Parameters<Camera["run"]>[0] = {}): Promise<Camera> {
  const camera = await Camera.start();
  await camera.run({ ...options, files: upToTheTrigger });
  expect(camera.token).toBeDefined();
  expect(camera.journal).not.toEqual([]);
  return camera;
}

const secondKey = "storyProvisionKey999";

async function anotherServer(): Promise<Simulator> {
  const profile = {
    name: "thermal-camera",
    provisionType: "ALLOW_CREATE_NEW_DEVICES",
    provisionDeviceSecret: provisionSecret,
  } as const;
  return Simulator.start({ profiles: [{ ...profile, provisionDeviceKey: provisionKey }] });
}

it("a camera that is sent to another server before its trigger was renamed goes there", async () => {
  await using camera = await cutOffAtTheTrigger();
  await using other = await anotherServer();
  camera.credentials({ server_url: "localhost", server_port: other.port });
  expect(await camera.run()).toMatchObject({ result: "provisioned", credentials: { host: "localhost" } });
  expect(other.devices.map(({ credentials }) => credentials.credentialsId)).toEqual([camera.token]);
  expect(camera.simulator.devices).toHaveLength(1);
  expect(camera.journal).toEqual([]);
  expect(camera.has("provision.txt")).toBe(false);
});

it("what was done is tidied up before the new order is tried, and that order survives a server that is not there", async () => {
  await using camera = await cutOffAtTheTrigger();
  const token = camera.token;
  camera.credentials({ provision_device_key: secondKey });
  expect(await camera.run()).toMatchObject({ result: "failed", exitStatus: 77 });
  expect(camera.has("provision.txt")).toBe(true);
  expect(camera.token).toBe(token);
  expect(camera.simulator.heard.at(-1)?.payload).toContain("NOT_FOUND");
  camera.credentials();
  expect(await camera.run()).toMatchObject({ result: "already_provisioned" });
  expect(camera.simulator.devices).toHaveLength(1);
});

it("--new-identity makes a new device although an earlier run only lacks the trigger's name", async () => {
  await using camera = await cutOffAtTheTrigger();
  const former = camera.token;
  expect(await camera.run({ newIdentity: true })).toMatchObject({ result: "provisioned" });
  expect(camera.tokensOnServer).toHaveLength(2);
  expect(camera.token).not.toBe(former);
});

it("--new-identity that was cut off at the trigger is finished, and makes no further device", async () => {
  await using camera = await cutOffAtTheTrigger({ newIdentity: true });
  expect(await camera.run({ newIdentity: true })).toMatchObject({ result: "provisioned" });
  expect(camera.tokensOnServer).toEqual([camera.token]);
});

it.each(["missing", "unreadable"])("a provision.json that is %s changes nothing about finishing", async (how) => {
  await using camera = await cutOffAtTheTrigger();
  if (how === "missing") camera.remove("provision.json");
  else camera.write("provision.json", "{");
  const heard = camera.simulator.heard.length;
  expect(await camera.run()).toMatchObject({ result: "provisioned" });
  expect(camera.simulator.heard.length).toBe(heard);
  expect(camera.has("provision.txt")).toBe(false);
});

it("without a trigger what was done is finished, whatever provision.json says by now", async () => {
  await using camera = await cutOffAtTheTrigger();
  camera.remove("provision.txt");
  camera.credentials({ server_url: "localhost" });
  const heard = camera.simulator.heard.length;
  expect(await camera.run()).toMatchObject({ result: "provisioned" });
  expect(camera.simulator.heard.length).toBe(heard);
});

it("a new order is carried out wherever the tidying before it is cut off", async () => {
  for (let step = 1; step <= 5; step++) {
    await using camera = await cutOffAtTheTrigger();
    camera.credentials({ server_url: "localhost" });
    let unlinks = 0;
    const files: FileSystem = {
      ...nodeFileSystem,
      unlink(path) {
        if (path.includes(camera.simulator.host) && ++unlinks === step) throw systemError("EIO", "unlink");
        nodeFileSystem.unlink(path);
      },
    };
    await camera.run({ files });
    await camera.run();
    expect(camera.read("thermal_config.json")).toContain('"url": "localhost"');
    expect(camera.journal).toEqual([]);
    expect(camera.simulator.devices).toHaveLength(2);
  }
});

it("a camera that goes on with an intent of an earlier run says which device it leaves behind meanwhile", async () => {
  await using camera = await Camera.start();
  await using other = await anotherServer();
  camera.credentials({ provision_device_secret: "mistyped" });
  expect(await camera.run()).toMatchObject({ result: "failed", exitStatus: 77 });
  camera.credentials({ server_url: "localhost", server_port: other.port });
  expect(await camera.run()).toMatchObject({ result: "provisioned", credentials: { host: "localhost" } });
  camera.write("provision.txt", "");
  camera.credentials();
  const { result, warnings } = await camera.run();
  expect(result).toBe("provisioned");
  expect(warnings.find(({ code }) => code === "DEVICE_LEFT_BEHIND")?.message).toContain(
    `It is ${other.devices[0]?.name} on localhost: provision.json names the server 127.0.0.1`,
  );
});

it("a camera that is sent to another server with nothing unfinished hears no such word", async () => {
  await using camera = await Camera.start();
  await camera.run();
  await using other = await anotherServer();
  camera.credentials({ server_url: "localhost", server_port: other.port });
  camera.write("provision.txt", "");
  const { warnings } = await camera.run();
  expect(warnings.map(({ code }) => code)).not.toContain("UNFINISHED_ELSEWHERE");
});
