import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { Randomness } from "../../src/base/randomness.ts";
import type { ProvisionOptions } from "../../src/index.ts";
import { provision } from "../../src/provision.ts";
import { atRest } from "../../src/run/at-rest.ts";
import { Camera } from "../stories/camera.ts";
import { hurriedClock } from "../stories/hurried-clock.ts";

const now = new Date("2026-10-23T14:30:00Z");
const clock = { ...hurriedClock, now: () => now };
const randomness: Randomness = { bytes: (count) => new Uint8Array(count).fill(7), fraction: () => 0.5 };

/** What a run says, in its order, and how it ends. */
async function heard(
  run: (options: ProvisionOptions) => unknown,
  directory: string,
  options: ProvisionOptions = {},
): Promise<unknown> {
  const said: unknown[] = [];
  const outcome = await run({
    ...{ directory, clock, randomness },
    onStatus: (status) => said.push(JSON.stringify(status)),
    onWarning: (warning) => said.push(warning),
    ...options,
  });
  return { said, outcome };
}

function contents(directory: string): Readonly<Record<string, string>> {
  const files = readdirSync(directory, { withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(files.map(({ name }) => [name, readFileSync(join(directory, name), "utf8")]));
}

const atRestStates: Readonly<Record<string, (camera: Camera) => unknown>> = {
  "a camera that was never provisioned": (camera) => camera.remove("provision.txt"),
  "a camera that is provisioned": (camera) => camera.run(),
  "a camera without its status": async (camera) => {
    await camera.run();
    camera.remove("provisioning_status.json");
  },
  "a configuration that cannot be used": (camera) => {
    camera.remove("provision.txt");
    camera.write("thermal_config.json", "{");
  },
  "a provisioned camera with a trigger of another name": async (camera) => {
    await camera.run();
    camera.write("Provision.TXT", "");
  },
  "credentials that no run has proved": (camera) => {
    camera.remove("provision.txt");
    const written = { device: { access_token: "byHand" }, server: { url: "tb.example" } };
    camera.write("thermal_config.json", JSON.stringify(written));
  },
};

it.each(Object.entries(atRestStates))("%s: says what a whole run says, and changes nothing", async (_, prepare) => {
  await using camera = await Camera.start();
  await prepare(camera);
  const { directory } = camera;
  const before = contents(directory);
  const short = await heard(atRest, directory);
  expect(contents(directory)).toEqual(before);
  expect(short).toEqual(await heard(provision, directory));
  expect(short).toMatchObject({ outcome: { result: "nothing_to_do" } });
});

const otherStates: Readonly<Record<string, (camera: Camera) => unknown>> = {
  "a trigger": () => {},
  "a trigger that is no file": (camera) => {
    camera.remove("provision.txt");
    mkdirSync(join(camera.directory, "provision.txt"));
  },
  "a trigger of another name": (camera) => {
    camera.remove("provision.txt");
    camera.write("Provision.TXT", "");
  },
  "a status of a run that was killed": async (camera) => {
    await camera.run();
    const status = JSON.parse(camera.read("provisioning_status.json"));
    camera.write("provisioning_status.json", JSON.stringify({ ...status, current_state: "CONNECTING" }));
  },
  "a provisioning that is unfinished": async (camera) => {
    await camera.simulator.close();
    await camera.run();
    camera.remove("provision.txt");
  },
};

it.each(Object.entries(otherStates))("%s: says nothing, and leaves it to a whole run", async (_, prepare) => {
  await using camera = await Camera.start();
  await prepare(camera);
  expect(await heard(atRest, camera.directory)).toEqual({ said: [], outcome: undefined });
});

it.each<[string, ProvisionOptions]>([
  ["a folder that is not there", { directory: "/nowhere" }],
  ["a stop that came before", { signal: AbortSignal.abort() }],
  ["an option of another kind", { caFile: JSON.parse("7") }],
])("%s: says nothing, and leaves it to a whole run", async (_, options) => {
  await using camera = await Camera.start();
  camera.remove("provision.txt");
  expect(await heard(atRest, camera.directory, options)).toEqual({ said: [], outcome: undefined });
});
