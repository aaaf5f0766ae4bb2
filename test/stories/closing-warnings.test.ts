import { expect, it } from "vitest";
import { Camera } from "./camera.ts";
import { hurriedClock } from "./hurried-clock.ts";

const other = { host: "old.example.com", port: 1883, access_token: "OLDTOKENOLDTOKEN0000" };

it("credentials in a section of another program are told, without their token", async () => {
  await using camera = await Camera.start();
  camera.write("thermal_config.json", JSON.stringify({ thingsboard: other, telemetry: {} }));
  const outcome = await camera.run();
  expect(outcome).toMatchObject({ result: "provisioned" });
  expect(outcome.warnings).toContainEqual({
    code: "OTHER_CREDENTIALS",
    message: expect.stringContaining("It is the section thingsboard."),
  });
  expect(JSON.stringify(outcome)).not.toContain(other.access_token);
});

const foreign: Readonly<Record<string, object>> = {
  "thingsboard.connection": { thingsboard: { connection: { host: "old", accessToken: "OLDTOKEN" } } },
  "thingsboard.credentials": { thingsboard: { url: "old", credentials: { "access-token": "OLDTOKEN" } } },
  mqtt: { mqtt: { Hostname: "old", device_token: "OLDTOKEN" } },
  uplinks: { uplinks: [{ name: "first" }, { server_url: "old", token: "OLDTOKEN" }] },
};

it.each(Object.entries(foreign))("credentials of another program in %s are told, too", async (place, config) => {
  await using camera = await Camera.start();
  camera.write("thermal_config.json", JSON.stringify(config));
  const { warnings } = await camera.run();
  const message = expect.stringContaining(`It is the section ${place}.`);
  expect(warnings).toContainEqual({ code: "OTHER_CREDENTIALS", message });
});

it("credentials of another program beside all sections are told, too", async () => {
  await using camera = await Camera.start();
  camera.write("thermal_config.json", JSON.stringify({ host: "old", access_token: "OLDTOKEN" }));
  const { warnings } = await camera.run();
  const message = expect.stringContaining("They stand beside the sections.");
  expect(warnings).toContainEqual({ code: "OTHER_CREDENTIALS", message });
});

it("a server without a token, and a token without a server, are no credentials", async () => {
  await using camera = await Camera.start();
  const config = { web: { host: "old", port: 80 }, alarm: { token: "OLDTOKEN" }, spots: [{ url: "old" }] };
  camera.write("thermal_config.json", JSON.stringify(config));
  const { warnings } = await camera.run();
  expect(warnings.map(({ code }) => code)).not.toContain("OTHER_CREDENTIALS");
});

it.each(['"access_token": "OLDTOKEN", "access_token": 5', '"mq": { "host": "old", "token": "T" }, "mq": 5'])(
  "of a key that stands there twice the last one counts: %s",
  async (members) => {
    await using camera = await Camera.start();
    camera.write("thermal_config.json", `{ "host": "old", ${members} }`);
    const outcome = await camera.run();
    expect(outcome).toMatchObject({ result: "provisioned" });
    expect(outcome.warnings.map(({ code }) => code)).not.toContain("OTHER_CREDENTIALS");
  },
);

it("a section of another program with the very token that was proved is no matter", async () => {
  await using camera = await Camera.start();
  await camera.run();
  const config = JSON.parse(
    camera
      .read("thermal_config.json")
      .replace(/\/\/.*$/gm, "")
      .replace(/,(\s*[\]}])/g, "$1"),
  );
  const thingsboard = { ...other, access_token: camera.token };
  camera.write("thermal_config.json", JSON.stringify({ ...config, thingsboard }));
  camera.write("provision.txt", "");
  const outcome = await camera.run();
  expect(outcome).toMatchObject({ result: "already_provisioned" });
  expect(outcome.warnings.map(({ code }) => code)).not.toContain("OTHER_CREDENTIALS");
});

it("a camera whose clock stands in 1970 is told so, and one with a set clock is not", async () => {
  for (const [now, count] of [
    [new Date(5000), 1],
    [new Date("2026-11-24T12:00:00Z"), 0],
  ] as const) {
    await using camera = await Camera.start();
    const outcome = await camera.run({ clock: { ...hurriedClock, now: () => now } });
    expect(outcome).toMatchObject({ result: "provisioned" });
    expect(outcome.warnings.filter(({ code }) => code === "CLOCK_NOT_SET")).toHaveLength(count);
    // So is one of which nothing is asked any more, whose clock may be right by now.
    const later = await camera.run();
    expect(later).toMatchObject({ result: "nothing_to_do" });
    expect(later.warnings.filter(({ code }) => code === "CLOCK_NOT_SET")).toHaveLength(count);
  }
});
