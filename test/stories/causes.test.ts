import { describe, expect, it } from "vitest";
import { connack, puback, publish } from "../transport/server-end.ts";
import { Camera } from "./camera.ts";
import { answersRequests, bytesOf, HostileServer } from "./hostile-server.ts";

const causes = {
  unregistered: "Strategy Check for pre-provisioned devices: no device of this name is registered in this profile",
  generated: "Strategy Check for pre-provisioned devices: generated names are registered nowhere",
  taken: "Strategy Allow to create new devices: a device of this name exists already",
  forbidden: "The server forbids a character in the name, such as {, } or <",
  quota: "The tenant's device quota is full",
  sameLogin: "Another device has the same client_id and user_name, or the same certificate",
  chain: "The device profile has the strategy X.509 certificate chain: such a profile never answers a request",
  slow: "timeout_seconds is under 25: a real server may answer only after 20",
  transport: "The device profile's transport is neither MQTT nor Default: the device exists then, and cannot log in",
} as const;

type Cause = keyof typeof causes;

/** The causes that a run tells, of those above. */
async function told(camera: Camera): Promise<readonly Cause[]> {
  const outcome = await camera.run();
  if (outcome.result !== "failed") throw new Error(`it ended with ${outcome.result}`);
  const all = Object.entries(causes).filter(([, cause]) => outcome.error.causes.includes(cause));
  return all.map(([name]) => name).filter((name): name is Cause => name in causes);
}

/** A camera whose server begins every session with this, and answers requests with that. */
async function toldOf(hex: string, credentials: Readonly<Record<string, unknown>> = {}): Promise<readonly Cause[]> {
  await using hostile = await HostileServer.start(answersRequests(hex));
  await using camera = await Camera.start({}, credentials);
  camera.credentials({ server_port: hostile.port, ...credentials });
  return await told(camera);
}

const failure = connack() + puback + publish("/provision/response", JSON.stringify({ status: "FAILURE" }));

describe("of the usual causes a run tells those that can be the one", () => {
  it("leaves out characters that the server forbids where the name has none of them", async () => {
    expect(await toldOf(failure, { device_name: "hall 7" })).toEqual(["unregistered", "taken"]);
    expect(await toldOf(failure, { device_name: "hall <7>" })).toEqual(["unregistered", "taken", "forbidden"]);
  });

  it("names the same login on another device only where it does not log in with a token", async () => {
    expect(await toldOf(failure, { credentials_type: "MQTT_BASIC" })).toContain("sameLogin");
    expect(await toldOf(failure)).toEqual(["generated", "quota"]);
  });

  it("leaves the strategy of registered devices out where this key made the camera's present device", async () => {
    await using camera = await Camera.start();
    await camera.run();
    await using hostile = await HostileServer.start(answersRequests(failure));
    camera.credentials({ server_port: hostile.port });
    camera.write("provision.txt", "");
    expect(await told(camera)).toEqual(["quota"]);
  });

  it("leaves the strategy that never answers out where no request was heard, or one was answered", async () => {
    const silence = { timeout_seconds: 20 };
    expect(await toldOf("", silence)).toEqual(["slow"]);
    expect(await toldOf(connack() + puback, silence)).toEqual(["chain", "slow"]);
    expect(await toldOf(connack() + puback, { timeout_seconds: 30 })).toEqual(["chain"]);
  });

  it("leaves the profile's transport out where the provisioning session was refused, which comes before any profile", async () => {
    expect(await toldOf(connack(3))).toEqual([]);
    const grant = { status: "SUCCESS", credentialsType: "ACCESS_TOKEN", credentialsValue: "Granted0123456789" };
    const granted = connack() + puback + publish("/provision/response", JSON.stringify(grant));
    await using hostile = await HostileServer.start(async (socket, caller) => {
      const hex = (await caller) === "device" ? connack(3) : granted;
      socket.write(bytesOf(hex));
    });
    await using camera = await Camera.start();
    camera.credentials({ server_port: hostile.port });
    expect(await told(camera)).toEqual(["transport"]);
  });
});
