import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { runProgram } from "../../src/cli/program.ts";
import { accessToken } from "../../src/simulator/index.ts";
import { recordedIo } from "../cli/recorded-io.ts";
import { Camera, someConfig } from "./camera.ts";

const token = "typedByAnAdministrator";

/** What the program printed, and how it ended. */
async function run(parameters: readonly string[], typed?: string) {
  const record = recordedIo({ ask: async () => typed });
  const exitStatus = await runProgram(parameters, record.io);
  return { exitStatus, out: record.out, err: record.err };
}

it("restore lists for people and for programs, with every secret masked, and puts back by name", async () => {
  await using camera = await Camera.start();
  await camera.run();
  camera.write("provision.txt", "");
  await camera.run({ newIdentity: true });
  const forPeople = await run(["restore", "-d", camera.directory]);
  const forPrograms = await run(["restore", "-d", camera.directory, "--json"]);
  for (const { exitStatus, out } of [forPeople, forPrograms]) {
    expect(exitStatus).toBe(0);
    expect(out).toContain('"access_token": "[secret]"'.replaceAll('"', out.startsWith("{") ? '\\"' : '"'));
    for (const secret of camera.tokensOnServer) expect(out).not.toContain(secret);
  }
  const [first] = forPrograms.out.split("\n");
  const { name, device_name } = JSON.parse(first ?? "");
  expect(device_name).toBe(camera.simulator.devices[0]?.name);
  const restored = await run(["restore", name, "-d", camera.directory, "--json"]);
  expect(restored.exitStatus).toBe(0);
  expect(JSON.parse(restored.out.trim().split("\n").at(-1) ?? "")).toMatchObject({
    result: "restored",
    answer: "accepted",
  });
  expect((await run(["restore", name, "-d", camera.directory])).out).toContain(`PASS  ${name} was put back`);
  expect((await run(["restore", "provision.json", "-d", camera.directory])).exitStatus).toBe(78);
});

it("adopt takes a token from a file or as it is typed, and no token from the command line", async () => {
  await using camera = await Camera.start();
  camera.simulator.addDevice({ name: "by hand", credentials: accessToken(token) });
  const file = join(camera.directory, "token");
  writeFileSync(file, `${token}\n`);
  const named = ["--device-name", "by hand", "-d", camera.directory];
  expect((await run(["adopt", token, ...named])).exitStatus).toBe(64);
  expect((await run(["adopt", ...named])).err).toContain("no token was given");
  const fromFile = await run(["adopt", "--token-file", file, ...named, "--json"]);
  expect(fromFile.exitStatus).toBe(0);
  expect(fromFile.out).not.toContain(token);
  expect(camera.token).toBe(token);
  const typed = await run(["adopt", ...named], token);
  expect(typed).toMatchObject({ exitStatus: 0, out: expect.stringContaining("PASS  by hand is provisioned") });
  const wrong = await run(["adopt", ...named], "nobodyKnowsThisToken");
  expect(wrong).toMatchObject({ exitStatus: 77, out: expect.stringContaining("GIVEN_CREDENTIALS_REFUSED") });
  expect(camera.token).toBe(token);
});

it("restore --last-success puts back what another program took out, and says so; status and diagnostics tell of it", async () => {
  await using camera = await Camera.start();
  await camera.run();
  const secret = camera.token ?? "";
  const name = camera.simulator.devices[0]?.name ?? "";
  camera.write("thermal_config.json", someConfig);
  const at = ["-d", camera.directory];
  const again = await run(["provision", "--human", ...at]);
  expect(again.exitStatus).toBe(0);
  expect(again.out).toContain("NOTE  this camera is not provisioned");
  expect(again.out.replace(/\s+/g, " ")).toContain(
    "Next `thermal-provision restore --last-success` puts the credentials",
  );
  const status = await run(["status", ...at]);
  expect(status.out).toContain("Warning     CREDENTIALS_GONE: ");
  expect(status.out.replace(/\s+/g, " ")).toContain(`They are those of ${name} on ${camera.simulator.host}.`);
  expect(status.out.replace(/\s+/g, " ")).toContain("What to do `thermal-provision restore --last-success`");
  const inspected = JSON.parse((await run(["status", "--json", ...at])).out);
  const collected = JSON.parse((await run(["diagnostics", "--without-check", "--without-log", ...at])).out);
  for (const { warnings } of [inspected, collected.status]) {
    expect(warnings).toEqual([{ code: "CREDENTIALS_GONE", message: expect.stringContaining(name) }]);
  }
  expect(collected.files).toContainEqual(
    expect.objectContaining({ path: ".thermal-provision/last-success.json", mode: "0600" }),
  );
  expect(JSON.stringify([status, inspected, collected])).not.toContain(secret);
  const both = await run(["restore", "thermal_config.json.backup.1", "--last-success", ...at]);
  expect(both).toMatchObject({ exitStatus: 64 });
  const restored = await run(["restore", "--last-success", ...at]);
  expect(restored).toMatchObject({
    exitStatus: 0,
    out: expect.stringContaining("PASS  .thermal-provision/last-success.json was put back"),
  });
  expect(restored.out).not.toContain(secret);
  expect(camera.token).toBe(secret);
  expect((await run(["status", ...at])).out).not.toContain("CREDENTIALS_GONE");
  camera.simulator.removeDevice(camera.simulator.devices[0] ?? "");
  const refused = await run(["restore", "--last-success", "--json", ...at]);
  expect(refused).toMatchObject({ exitStatus: 77, out: expect.stringContaining("GIVEN_CREDENTIALS_REFUSED") });
});
