import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { outcomeForPeople } from "../../src/cli/provision/outcome-for-people.ts";
import { stylesFor } from "../../src/cli/text/styles.ts";
import { inspect, type Warning } from "../../src/index.ts";
import { Camera } from "./camera.ts";

let bodies = "";
beforeAll(() => {
  bodies = mkdtempSync(join(tmpdir(), "bodies-"));
  // As the firmware gives it, with a NUL at its end; a board without a number has zeros.
  for (const [name, text] of [
    ["first", "10000000abcdef01\0"],
    ["second", "10000000abcdef02\0"],
    ["zeros", "0000000000000000\0"],
  ])
    writeFileSync(join(bodies, name ?? ""), text ?? "");
});
afterAll(() => rmSync(bodies, { recursive: true }));

const body = (name: string) => ({ bodyFile: join(bodies, name) });

/** The card of `camera` in another camera: the same folder, as it is now. */
async function copyOf(camera: Camera): Promise<Camera> {
  const copy = await Camera.start();
  rmSync(copy.directory, { recursive: true });
  cpSync(camera.directory, copy.directory, { recursive: true });
  return copy;
}

/** A camera whose run ended with an intent, and the record of where it was sent, on the first board. */
async function unfinished(): Promise<Camera> {
  const closed = [1, 2, 3, 4].map((nth) => ({ on: "request", do: "close", when: "before the work", nth }) as const);
  const camera = await Camera.start({ scenario: closed });
  expect(await camera.run(body("first"))).toMatchObject({ result: "failed", exitStatus: 75 });
  expect(camera.journal).toEqual([join("127.0.0.1", "intent-1.json"), join("127.0.0.1", "sent-1.json")]);
  return camera;
}

it("an unfinished provisioning goes on on the board that began it, and nowhere else", async () => {
  await using camera = await unfinished();
  const heard = camera.simulator.heard.length;
  const refused = await camera.run(body("second"));
  expect(refused).toMatchObject({ result: "failed", exitStatus: 78, error: { errorCode: "OTHER_BODY" } });
  expect(camera.simulator.heard.length).toBe(heard);
  expect(await camera.run(body("first"))).toMatchObject({ result: "provisioned" });
});

it("a board that was replaced is accepted when it is said, and the configuration names it from then on", async () => {
  await using camera = await Camera.start();
  expect(await camera.run(body("first"))).toMatchObject({ result: "provisioned" });
  expect(camera.read("thermal_config.json")).toMatch(/"provisioned_on": "[0-9a-f]{16}"/);
  camera.write("provision.txt", "");
  expect(await camera.run(body("second"))).toMatchObject({ exitStatus: 78, error: { errorCode: "OTHER_BODY" } });
  expect(camera.simulator.devices).toHaveLength(1);
  const replaced = { ...body("second"), bodyReplaced: true };
  expect(await camera.run(replaced)).toMatchObject({ result: "already_provisioned" });
  camera.write("provision.txt", "");
  expect(await camera.run(body("second"))).toMatchObject({ result: "already_provisioned" });
  expect(camera.simulator.devices).toHaveLength(1);
});

it("a copied card gets a device of its own with --new-identity", async () => {
  await using camera = await Camera.start();
  await camera.run(body("first"));
  camera.write("provision.txt", "");
  await using copy = await copyOf(camera);
  copy.credentials({ server_port: camera.simulator.port });
  expect(await copy.run(body("second"))).toMatchObject({ error: { errorCode: "OTHER_BODY" } });
  expect(await copy.run({ ...body("second"), newIdentity: true })).toMatchObject({ result: "provisioned" });
  expect(camera.simulator.devices).toHaveLength(2);
  expect(copy.token).not.toBe(camera.token);
});

it.each(["zeros", "absent"])(
  "a board that tells no number (%s) is compared with nothing and recorded nowhere",
  async (name) => {
    await using camera = await Camera.start();
    expect(await camera.run(body(name))).toMatchObject({ result: "provisioned" });
    expect(camera.read("thermal_config.json")).not.toContain("provisioned_on");
    camera.write("provision.txt", "");
    expect(await camera.run(body("first"))).toMatchObject({ result: "already_provisioned" });
  },
);

it("a bench that records no board leaves a card that any camera goes on with", async () => {
  await using camera = await Camera.start();
  expect(await camera.run({ ...body("first"), noBody: true })).toMatchObject({ result: "provisioned" });
  expect(camera.read("thermal_config.json")).not.toContain("provisioned_on");
  camera.write("provision.txt", "");
  expect(await camera.run(body("second"))).toMatchObject({ result: "already_provisioned" });
});

it("a run with nothing to do does not fail by the board: it and status warn, and nobody says PASS", async () => {
  await using camera = await Camera.start();
  const codesOf = (warnings: readonly Warning[]) => warnings.map(({ code }) => code);
  await camera.run(body("first"));
  const outcome = await camera.run(body("second"));
  expect(outcome).toMatchObject({ result: "nothing_to_do", exitStatus: 0, camera: { state: "provisioned" } });
  expect(codesOf(outcome.warnings)).toEqual(["BODY_DIFFERS"]);
  const look = { width: 80, styles: stylesFor({ colours: false }) };
  const lines = outcomeForPeople(outcome, look, { waited: false });
  expect(lines.find((line) => /^[A-Z]/.test(line))).toMatch(/^NOTE {2}thermal-camera-/);
  expect(codesOf((await inspect({ directory: camera.directory, ...body("second") })).warnings)).toEqual([
    "BODY_DIFFERS",
  ]);

  for (const known of [body("first"), { bodyFile: "/nowhere" }, { ...body("second"), bodyReplaced: true }]) {
    expect(codesOf((await camera.run(known)).warnings)).toEqual([]);
  }
  expect((await inspect({ directory: camera.directory, ...body("first") })).warnings).toEqual([]);
});
