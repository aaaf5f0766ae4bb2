import { describe, expect, it } from "vitest";
import { Secret } from "../../src/base/secret.ts";
import { Simulator } from "../../src/simulator/index.ts";
import { Camera, openProfile, provisionKey } from "./camera.ts";

const refusals = [{ on: "request", nth: "every", do: "refuse", status: "NOT_FOUND" }] as const;

/** A camera whose first run ended without an answer that helps; its journal is there. */
async function unfinished(): Promise<Camera> {
  const camera = await Camera.start({ scenario: refusals });
  await camera.run();
  camera.statuses.length = 0;
  return camera;
}

function anotherServer(): Promise<Simulator> {
  return Simulator.start({ profiles: [openProfile], scenario: refusals });
}

/** The attempt and the name that the journal of the simulator's host remembers. */
function remembered(camera: Camera): { readonly attemptId: string; readonly deviceName: string } {
  const [name = ""] = camera.journal;
  const { body } = JSON.parse(camera.read(`.thermal-provision/${name}`));
  const { attempt_id: attemptId, device_name: deviceName } = Object(body);
  return { attemptId, deviceName };
}

/** The ids in all that was told. */
function told({ statuses }: Camera): readonly string[] {
  return [...new Set(statuses.map(({ correlationId }) => correlationId))];
}

describe("a restart", () => {
  it("is about the same attempt from its first line to its last", async () => {
    await using camera = await unfinished();
    const { attemptId, deviceName } = remembered(camera);
    await camera.run();
    expect(told(camera)).toEqual([attemptId]);
    expect(new Set(camera.statuses.map((status) => status.deviceName))).toEqual(new Set([deviceName]));
  });

  it.each([
    ["provision.json", "{"],
    ["thermal_config.json", "{"],
  ])("that fails because of a broken %s is about it, too", async (name, text) => {
    await using camera = await unfinished();
    const { attemptId, deviceName } = remembered(camera);
    camera.write(name, text);
    expect(await camera.run()).toMatchObject({ result: "failed", exitStatus: 78, status: { deviceName } });
    expect(told(camera)).toEqual([attemptId]);
    expect(JSON.parse(camera.read("provisioning_status.json"))).toMatchObject({
      correlation_id: attemptId,
      device_name: deviceName,
    });
  });

  it("after a start that ended before it had a journal is about the same attempt, up to the configuration", async () => {
    await using camera = await Camera.start();
    const right = camera.read("provision.json");
    camera.write("provision.json", "{");
    await camera.run();
    const [attemptId = ""] = told(camera);
    const startedAt = camera.statuses[0]?.startedAt;
    camera.write("provision.json", right);
    expect(await camera.run()).toMatchObject({ result: "provisioned", status: { startedAt } });
    expect(told(camera)).toEqual([attemptId]);
    expect(camera.read("thermal_config.json")).toContain(`"attempt_id": "${attemptId}"`);
  });

  it("that finds its work committed is about it", async () => {
    await using camera = await unfinished();
    const { attemptId } = remembered(camera);
    const config = { device: { access_token: "T", device_name: "n" }, server: { url: camera.simulator.host } };
    const provisioning = { attempt_id: attemptId, provisioned_with: new Secret(provisionKey).fingerprint() };
    camera.write("thermal_config.json", JSON.stringify({ ...config, provisioning }));
    expect(await camera.run()).toMatchObject({ result: "provisioned" });
    expect(told(camera)).toEqual([attemptId]);
  });
});

describe("another attempt", () => {
  it("is one after a success, and after what reset put aside", async () => {
    await using camera = await unfinished();
    const { attemptId } = remembered(camera);
    camera.remove(".thermal-provision");
    await camera.run();
    expect(told(camera)).toHaveLength(1);
    expect(told(camera)).not.toContain(attemptId);
  });

  it("is one at another server, although an unfinished one is there", async () => {
    await using camera = await unfinished();
    const { attemptId } = remembered(camera);
    await using other = await anotherServer();
    camera.credentials({ server_url: "localhost", server_port: other.port });
    await camera.run();
    expect(told(camera)).toHaveLength(1);
    expect(told(camera)).not.toContain(attemptId);
    expect(camera.journal.filter((name) => name.endsWith("/intent-1.json"))).toHaveLength(2);
  });

  it("is one with --new-identity", async () => {
    await using camera = await unfinished();
    const { attemptId } = remembered(camera);
    await camera.run({ newIdentity: true });
    expect(told(camera)).toHaveLength(1);
    expect(told(camera)).not.toContain(attemptId);
    camera.statuses.length = 0;
    await camera.run({ newIdentity: true });
    expect(told(camera)).toHaveLength(1);
  });
});

it("of two unfinished attempts neither is guessed when provision.json is broken", async () => {
  await using camera = await unfinished();
  await using other = await anotherServer();
  camera.credentials({ server_url: "localhost", server_port: other.port });
  await camera.run();
  expect(camera.journal.filter((name) => name.endsWith("/intent-1.json"))).toHaveLength(2);
  camera.write("provision.json", "{");
  const outcome = await camera.run();
  expect(outcome).toMatchObject({ result: "failed", status: { deviceName: "" } });
});
