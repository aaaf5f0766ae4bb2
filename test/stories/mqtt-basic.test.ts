import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { FileSystem } from "../../src/files/disk/file-system.ts";
import { mqttBasic, parseScenario, type SimulatorOptions } from "../../src/simulator/index.ts";
import { type Call, Killed, unsynced, watched } from "../files/disk/watched-file-system.ts";
import { Camera, provisionKey, provisionSecret } from "./camera.ts";
import { hurriedClock } from "./hurried-clock.ts";

const choice = { credentials_type: "MQTT_BASIC" };

/** Their `device` section, and what the server keeps of the only device. */
function outcomeOf(camera: Camera) {
  const config = camera.read("thermal_config.json");
  const written = (key: string) => new RegExp(`"${key}": ?"([^"]*)"`).exec(config)?.[1] ?? null;
  const [device] = camera.simulator.devices;
  return {
    devices: camera.simulator.devices.length,
    stored: device?.credentials.credentialsType === "MQTT_BASIC" ? device.credentials.credentialsValue : undefined,
    written: { clientId: written("client_id"), userName: written("user_name"), password: written("password") },
  };
}

/** One device, with the login that stands in the configuration, and nothing left of the journal. */
function expectProvisioned(camera: Camera): void {
  const { devices, stored, written } = outcomeOf(camera);
  expect(devices).toBe(1);
  expect(written).toEqual({
    clientId: expect.stringMatching(/^[A-Za-z0-9]{23}$/),
    userName: expect.stringMatching(/^tp-[A-Za-z0-9]{21}$/),
    password: expect.stringMatching(/^[A-Za-z0-9]{32}$/),
  });
  expect(stored).toEqual(written);
  expect(camera.read("thermal_config.json")).toContain('"credentials_type": "MQTT_BASIC"');
  expect(camera.journal).toEqual([]);
  expect(camera.has("provision.txt.processed")).toBe(true);
}

it("a camera is provisioned with client id, user name and password of its own", async () => {
  await using camera = await Camera.start({}, choice);
  const outcome = await camera.run();
  expect(outcome).toMatchObject({ result: "provisioned", credentials: { credentials: { type: "MQTT_BASIC" } } });
  expectProvisioned(camera);
  expect(camera.read("thermal_config.json")).not.toContain("access_token");
  const { written } = outcomeOf(camera);
  const said = JSON.stringify([outcome, camera.statuses, camera.read("provisioning_status.json")]);
  for (const secret of Object.values(written)) expect(said).not.toContain(secret);
});

it("a repeated trigger finds that they work, and makes nothing new", async () => {
  await using camera = await Camera.start({}, choice);
  await camera.run();
  const before = camera.read("thermal_config.json");
  camera.write("provision.txt", "");
  expect(await camera.run()).toMatchObject({ result: "already_provisioned" });
  expect(camera.read("thermal_config.json")).toBe(before);
  expectProvisioned(camera);
});

it("the proof logs in with exactly these three, and the server refuses any other password", async () => {
  await using camera = await Camera.start({}, choice);
  await camera.run();
  const { written } = outcomeOf(camera);
  const [first] = camera.simulator.devices;
  if (first === undefined) throw new Error("there is no device");
  camera.simulator.setCredentials(first, mqttBasic({ ...written, password: "another" }));
  camera.write("provision.txt", "");
  const outcome = await camera.run();
  // The name is new, for the former device is still there.
  expect(outcome).toMatchObject({ result: "provisioned" });
  expect(outcome.warnings.map(({ code }) => code)).toContain("CREDENTIALS_REPLACED");
});

describe("whatever goes wrong on the wire, there is one device in the end, with the login that is written:", () => {
  it.each(readdirSync("examples/scenarios"))("%s", async (name) => {
    const scenario = parseScenario(JSON.parse(readFileSync(`examples/scenarios/${name}`, "utf8")));
    if (!scenario.ok) throw new Error(JSON.stringify(scenario.problems));
    const { behaviours } = scenario.value;
    await using camera = await Camera.start(
      { scenario: behaviours, clock: hurriedClock },
      { ...choice, timeout_seconds: 30 },
    );
    for (let run = 0; run < 4; run++) if ((await camera.run()).result === "provisioned") break;
    expectProvisioned(camera);
  });
});

it("after a kill before any change of a name the next run goes on with the same login", async () => {
  for (let nth = 1; ; nth++) {
    await using camera = await Camera.start({}, choice);
    const { files, reached } = killedBeforeChange(nth);
    await camera.run({ files });
    const offered = camera.simulator.devices.map(({ credentials }) => JSON.stringify(credentials));
    if (!reached()) break;
    await camera.run({ files: alone });
    expectProvisioned(camera);
    if (offered.length > 0)
      expect(camera.simulator.devices.map((device) => JSON.stringify(device.credentials))).toEqual(offered);
  }
});

const alone: FileSystem = { ...unsynced, lock: async () => ({ release: () => {} }) };
const changes: readonly Call[] = ["rename", "link", "unlink", "makeFolder", "removeFolder"];

function killedBeforeChange(nth: number): { readonly files: FileSystem; readonly reached: () => boolean } {
  let count = 0;
  const files = watched(alone, (call, path) => {
    if (changes.includes(call) && !String(path).includes("provisioning_status")) count++;
    if (count >= nth && call !== "lock") throw new Killed(`before change ${nth}`);
  });
  return { files, reached: () => count >= nth };
}

describe("a device that was registered beforehand", () => {
  const profile = {
    name: "thermal-camera",
    provisionType: "CHECK_PRE_PROVISIONED_DEVICES",
    provisionDeviceKey: provisionKey,
    provisionDeviceSecret: provisionSecret,
  } as const;
  const registered = (parts: Parameters<typeof mqttBasic>[0]): SimulatorOptions => ({
    profiles: [profile],
    devices: [{ name: "lobby", credentials: mqttBasic(parts) }],
  });
  const combinations = [
    ["all three", { clientId: "c", userName: "u", password: "p" }, true],
    ["user name and password", { userName: "u", password: "p" }, true],
    ["client id and user name", { clientId: "c", userName: "u" }, false],
    ["a user name", { userName: "u" }, false],
    ["a client id", { clientId: "c" }, false],
  ] as const;

  it.each(combinations)("is claimed with its own %s", async (_, parts, provesSecret) => {
    await using camera = await Camera.start(registered(parts), { device_name: "lobby" });
    const outcome = await camera.run();
    expect(outcome).toMatchObject({ result: "provisioned" });
    const absent = { clientId: null, userName: null, password: null };
    expect(outcomeOf(camera)).toMatchObject({ devices: 1, written: { ...absent, ...parts } });
    expect(outcome.warnings.some(({ code }) => code === "LOGIN_WITHOUT_SECRET")).toBe(!provesSecret);
  });

  it.each(combinations)("is found with %s known in advance, and claimed", async (_, parts) => {
    const { clientId, userName, password }: Partial<Record<"clientId" | "userName" | "password", string>> = parts;
    const known = { ...choice, device_name: "lobby", client_id: clientId, user_name: userName, password };
    await using camera = await Camera.start(registered(parts), known);
    const outcome = await camera.run();
    expect(outcome).toMatchObject({ result: "provisioned" });
    const absent = { clientId: null, userName: null, password: null };
    expect(outcomeOf(camera)).toMatchObject({ devices: 1, written: { ...absent, ...parts } });
    expect(camera.simulator.heard.filter(({ topic }) => topic === "/provision/request")).toHaveLength(1);
    expect(outcome.warnings.map(({ code }) => code)).not.toContain("CLAIM_OPEN");
  });
});

it.each([
  [
    { access_token: "t", ...choice, device_name: "a" },
    'access_token: found a key of ACCESS_TOKEN, expected credentials_type "ACCESS_TOKEN"',
  ],
  [
    { user_name: "u", device_name: "a" },
    'user_name: found a key of MQTT_BASIC, expected credentials_type "MQTT_BASIC"',
  ],
  [{ user_name: "u", ...choice }, "device_name: found nothing, expected the name of the device that user_name is for"],
  [
    { client_id: "c", password: "hunter2", ...choice, device_name: "a" },
    "user_name: found nothing, expected the user name that the password is for",
  ],
  [{ user_name: "provision", ...choice, device_name: "a" }, "user_name: found a text, expected another text"],
  [
    { credentials_type: "MQTT_BASICS" },
    "credentials_type: found a text of 11 characters, expected one of ACCESS_TOKEN, MQTT_BASIC",
  ],
])("provision.json with %j is refused before anything is sent", async (keys, problem) => {
  await using camera = await Camera.start({}, keys);
  const outcome = await camera.run();
  expect(outcome).toMatchObject({ result: "failed", exitStatus: 78 });
  expect(outcome.result === "failed" && outcome.error.message).toContain(problem);
  expect(JSON.stringify(outcome)).not.toContain("hunter2");
  expect(camera.simulator.heard).toEqual([]);
});

it("keys of the former kind go when a camera changes its kind, and those of others stay", async () => {
  await using camera = await Camera.start();
  camera.write(
    "thermal_config.json",
    '{\n  "device": { "serial": "TC-0042", "password": "of the screen" } // mine\n}\n',
  );
  await camera.run();
  expect(camera.read("thermal_config.json")).toContain('"access_token"');
  camera.credentials(choice);
  camera.write("provision.txt", "");
  expect(await camera.run({ newIdentity: true })).toMatchObject({ result: "provisioned" });
  const config = camera.read("thermal_config.json");
  expect(config).toContain('"serial": "TC-0042"');
  expect(config).toContain("// mine");
  expect(config).not.toContain("access_token");
  camera.credentials();
  camera.write("provision.txt", "");
  expect(await camera.run({ newIdentity: true })).toMatchObject({ result: "provisioned" });
  expect(camera.read("thermal_config.json")).not.toMatch(/client_id|user_name|password/);
});
