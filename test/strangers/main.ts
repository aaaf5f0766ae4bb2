/**
 * `npm run test:strangers`: clients that others wrote provision themselves against the simulator and log in with what
 * they got; and the examples for other test runners run. What cannot be installed here is skipped, loudly: whether a
 * package registry answers says nothing about us.
 */
import assert from "node:assert/strict";
import { Simulator } from "../../src/simulator/index.ts";
import { examples } from "./examples.ts";
import { mosquitto } from "./mosquitto.ts";
import { mqttJs } from "./mqtt-js.ts";
import { PythonEnvironment, thingsBoardPython } from "./python.ts";
import { deviceName, type Stranger, telemetry } from "./stranger.ts";

const count = { passed: 0, failed: 0 };

{
  using environment = await PythonEnvironment.make();
  for (const stranger of [...mqttJs, ...mosquitto, thingsBoardPython(environment)]) {
    await check(stranger, () => meet(stranger));
  }
  for (const example of examples(environment)) await check(example, example.run);
}
process.stdout.write(`${count.passed} passed, ${count.failed} failed\n`);
process.exitCode = count.failed === 0 ? 0 : 1;

async function check(
  { name, missing }: Pick<Stranger, "name" | "missing">,
  carryOut: () => Promise<unknown>,
): Promise<void> {
  const reason = await missing();
  if (reason !== undefined) {
    process.stdout.write(`SKIPPED ${name}: ${reason}\n`);
    return;
  }
  try {
    await carryOut();
    count.passed++;
    process.stdout.write(`ok      ${name}\n`);
  } catch (error) {
    count.failed++;
    const said = error instanceof Error && "stdout" in error ? String(error.stdout) : "";
    process.stdout.write(`FAILED  ${name}: ${String(error)}\n${said}\n`);
  }
}

/** A server of its own for each: afterwards it has the device, and what the device measured. */
async function meet(stranger: Stranger): Promise<void> {
  await using server = await Simulator.start();
  await stranger.meet(server);
  const [device, ...others] = server.devices;
  assert.equal(device?.name, deviceName);
  assert.deepEqual(device.telemetry, telemetry);
  assert.deepEqual(others, []);
}
