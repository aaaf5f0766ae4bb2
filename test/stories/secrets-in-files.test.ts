import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { accessToken } from "../../src/simulator/index.ts";
import { cameraFolder } from "../files/camera-folder.ts";
import { Camera, provisionKey, provisionSecret } from "./camera.ts";
import { Command } from "./command.ts";

/** A camera whose provision.json has these changes; undefined takes a key away. */
async function cameraWith(changes: Readonly<Record<string, unknown>>): Promise<Camera> {
  return Camera.start({}, changes);
}

const withoutSecret = { provision_device_secret: undefined };

it("the secret comes from the file that provision.json names, beside it, without its line end", async () => {
  await using camera = await cameraWith({ ...withoutSecret, provision_device_secret_file: "secret.txt" });
  camera.write("secret.txt", `${provisionSecret}\r\n`);
  expect(await camera.run()).toMatchObject({ result: "provisioned" });
});

it("the token known in advance comes from the file that provision.json names", async () => {
  const device = { device_name: "hall-3", access_token_file: "/nowhere" };
  await using camera = await cameraWith(device);
  const token = "TokenOfARegisteredDevice";
  camera.simulator.addDevice({ name: "hall-3", credentials: accessToken(token) });
  const folder = cameraFolder({ token: `${token}\n` });
  const provision = { ...JSON.parse(camera.read("provision.json")), access_token_file: join(folder, "token") };
  camera.write("provision.json", JSON.stringify(provision));
  expect(await camera.run()).toMatchObject({ result: "provisioned" });
  expect(camera.token).toBe(token);
});

it("the command takes the secret that systemd keeps for the service, where provision.json has none", async () => {
  await using camera = await cameraWith(withoutSecret);
  const kept = cameraFolder({ provision_device_secret: `${provisionSecret}\n`, access_token: "ignored-without-name" });
  const parameters = ["provision", "-d", camera.directory, "--json"];
  const withBoth = await new Command(parameters, { CREDENTIALS_DIRECTORY: kept }).ended;
  // The token is for a device with a name, which nobody named.
  expect(withBoth.exitStatus).toBe(78);
  expect(withBoth.out).toContain(
    "device_name: found nothing, expected the name of the device that access_token is for",
  );
  const secretOnly = cameraFolder({ provision_device_secret: `${provisionSecret}\n` });
  const { exitStatus, out, err } = await new Command(parameters, { CREDENTIALS_DIRECTORY: secretOnly }).ended;
  expect(exitStatus).toBe(0);
  expect(out + err).not.toContain(provisionSecret);
});

it("what stands in provision.json outranks what systemd keeps", async () => {
  await using camera = await cameraWith({});
  const credentialsDirectory = cameraFolder({ provision_device_secret: "another" });
  expect(await camera.run({ credentialsDirectory })).toMatchObject({ result: "provisioned" });
});

const expected = "expected a file that holds the secret and nothing else";

it.each([
  ["is not there", (_: Camera) => {}, `found the name of a file that is not there, ${expected}`],
  [
    "is a link",
    (camera: Camera) => symlinkSync("/etc/passwd", join(camera.directory, "secret.txt")),
    "found a symbolic link, expected a regular file",
  ],
])("a file for the secret that %s is named before anything is sent", async (_, prepare, problem) => {
  await using camera = await cameraWith({ ...withoutSecret, provision_device_secret_file: "secret.txt" });
  prepare(camera);
  const outcome = await camera.run();
  expect(outcome).toMatchObject({ result: "failed", exitStatus: 78, error: { errorCode: "CREDENTIALS_FILE_INVALID" } });
  if (outcome.result !== "failed") return;
  expect(outcome.error.message).toContain(`provision_device_secret_file: ${problem}`);
  expect(outcome.error.problems).toHaveLength(1);
  expect(camera.simulator.heard).toEqual([]);
});

it("a secret in two places is refused, and the text of neither is told", async () => {
  await using camera = await cameraWith({ provision_device_secret_file: "secret.txt" });
  camera.write("secret.txt", provisionKey);
  const says = "provision_device_secret_file: found provision_device_secret as well, expected one of the two";
  const outcome = await camera.run();
  expect(outcome).toMatchObject({ result: "failed", error: { errorCode: "CREDENTIALS_FILE_INVALID" } });
  if (outcome.result === "failed") expect(outcome.error.message).toContain(says);
  expect(camera.simulator.heard).toEqual([]);
});
