import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";

const directory = mkdtempSync(join(tmpdir(), "debug-output-"));
afterAll(() => rmSync(directory, { recursive: true }));

const key = "PlantedProvisionKey";
const secret = "PlantedProvisionSecret";

it("prints neither key nor secret nor token with DEBUG=*, and leaves the output of others alone", () => {
  mkdirSync(".cache", { recursive: true });
  const script = join(".cache", `debug-output-${process.pid}.mjs`);
  writeFileSync(join(directory, "provision.txt"), "");
  // A program of a caller who turns all debug output on, by the environment and once more by a call.
  const text = `
    import { createRequire } from "node:module";
    import { readFileSync, writeFileSync } from "node:fs";
    import { provision } from "thermal-provision";
    import { defaultProfile, Simulator } from "thermal-provision/simulator";
    const mqtt = createRequire(import.meta.url)("mqtt-packet");
    createRequire(createRequire(import.meta.url).resolve("mqtt-packet"))("debug").enable("*");
    const profile = { ...defaultProfile, provisionDeviceKey: "${key}", provisionDeviceSecret: "${secret}" };
    const server = await Simulator.start({ profiles: [profile] });
    writeFileSync("${directory}/provision.json", JSON.stringify({ server_url: server.url, server_port: server.port,
      provision_device_key: "${key}", provision_device_secret: "${secret}" }));
    const { result } = await provision({ directory: "${directory}" });
    const { device } = JSON.parse(readFileSync("${directory}/thermal_config.json", "utf8"));
    console.log(result, device.access_token);
    mqtt.generate({ cmd: "subscribe", messageId: 1, subscriptions: [{ topic: "callers/own", qos: 0 }] });
    await server[Symbol.asyncDispose]();
  `;
  writeFileSync(script, text);
  const { stdout, stderr, status } = spawnSync(process.execPath, [script], {
    encoding: "utf8",
    env: { ...process.env, DEBUG: "*" },
  });
  rmSync(script);
  const [, token = ""] = /^provisioned (\w{32})$/m.exec(stdout) ?? [];
  expect(status, stderr.slice(-2000)).toBe(0);
  expect(token).not.toBe("");
  expect(stderr).toContain("callers/own");
  const hex = (planted: string) =>
    Buffer.from(planted)
      .toString("hex")
      .replace(/(..)(?!$)/g, "$1 ");
  expect([key, secret, token].filter((planted) => stderr.includes(planted) || stderr.includes(hex(planted)))).toEqual(
    [],
  );
});
