import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { runProgram } from "../../src/cli/program.ts";
import { label } from "../../src/index.ts";
import { recordedIo } from "../cli/recorded-io.ts";
import { Camera } from "./camera.ts";

async function run(camera: Camera, ...parameters: string[]) {
  const record = recordedIo();
  const exitStatus = await runProgram(["label", "-d", camera.directory, ...parameters], record.io);
  return { exitStatus, out: record.out };
}

it("a label says who the camera is, by a versioned payload, and no secret", async () => {
  await using camera = await Camera.start();
  await camera.run();
  const bodyFile = join(camera.directory, "serial-number");
  writeFileSync(bodyFile, "TC-0042\0");
  const [device] = camera.simulator.devices;
  const { payload } = await label({ directory: camera.directory, bodyFile });
  const config = camera.read("thermal_config.json");
  camera.write("thermal_config.json", config.replace('"device_id": null', `"device_id": "${device?.id}"`));
  const options = { directory: camera.directory, bodyFile };
  const unknown = `{"thermal_provision_label":1,"serial":"TC-0042","device_name":"${device?.name}","server":"127.0.0.1"}`;
  expect(payload).toBe(unknown);
  expect((await label(options)).payload).toBe(unknown.replace("}", `,"device_id":"${device?.id}"}`));
});

it("the command prints half blocks, writes a picture, and tells programs what the code says", async () => {
  await using camera = await Camera.start();
  await camera.run();
  const printed = await run(camera);
  expect(printed.out).toMatch(/[▀▄█]{10}/u);
  expect(printed.out).toContain(camera.simulator.devices[0]?.name);
  const file = join(camera.directory, "label.svg");
  expect((await run(camera, "--svg", file)).exitStatus).toBe(0);
  expect(readFileSync(file, "utf8")).toMatch(/^<svg [\s\S]*<\/svg>/);
  expect((await run(camera, "--svg", file)).exitStatus).toBe(64);
  expect((await run(camera, "--svg", file, "--force")).exitStatus).toBe(0);
  const { out } = await run(camera, "--json");
  expect(JSON.parse(JSON.parse(out).payload)).toMatchObject({ thermal_provision_label: 1, server: "127.0.0.1" });
  for (const secret of camera.tokensOnServer)
    expect(printed.out + out + readFileSync(file, "utf8")).not.toContain(secret);
});

it("a camera that is not provisioned gets no label", async () => {
  await using camera = await Camera.start();
  const file = join(camera.directory, "label.svg");
  expect(await run(camera, "--svg", file)).toMatchObject({
    exitStatus: 78,
    out: expect.stringContaining("NOT_PROVISIONED"),
  });
  expect(existsSync(file)).toBe(false);
});
