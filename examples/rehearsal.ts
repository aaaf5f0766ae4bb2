import assert from "node:assert/strict";
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { provision } from "thermal-provision";
import { defaultProfile, Simulator } from "thermal-provision/simulator";

// A ThingsBoard server that loses its first answer, after it has created the device.
await using server = await Simulator.start({ scenario: [{ on: "request", do: "close" }] });
const directory = await mkdtemp(join(tmpdir(), "camera-"));
await writeFile(join(directory, "provision.txt"), "");
await writeFile(
  join(directory, "provision.json"),
  JSON.stringify({
    server_url: server.url,
    server_port: server.port,
    provision_device_key: defaultProfile.provisionDeviceKey,
    provision_device_secret: defaultProfile.provisionDeviceSecret,
  }),
);

const outcome = await provision({ directory });
assert.equal(outcome.result, "provisioned");
assert.equal(server.devices.length, 1);
server.assertScenarioFinished();
console.log(`One device: ${server.devices[0]?.name}`);
