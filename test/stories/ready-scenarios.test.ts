import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { accessToken, parseScenario } from "../../src/simulator/index.ts";
import { Camera } from "./camera.ts";
import { hurriedClock } from "./hurried-clock.ts";

const folder = "examples/scenarios";
const names = readdirSync(folder);

it.each(names)("%s happens as it is described, and ends with one device", async (name) => {
  const scenario = parseScenario(JSON.parse(readFileSync(join(folder, name), "utf8")));
  if (!scenario.ok) throw new Error(JSON.stringify(scenario.problems));
  const { behaviours } = scenario.value;
  await using camera = await Camera.start({ scenario: behaviours, clock: hurriedClock }, { timeout_seconds: 30 });
  // Without another device there would be nothing to mix up.
  const other = camera.simulator.addDevice({ name: "another", credentials: accessToken("anotherCamerasToken0") });
  let outcome = await camera.run();
  for (let starts = 1; starts < 3 && outcome.exitStatus !== 0; starts++) outcome = await camera.run();
  expect(outcome.exitStatus).toBe(0);
  const own = camera.simulator.devices.filter(({ name }) => name !== other.name);
  expect(own.map(({ credentials }) => credentials.credentialsId)).toEqual([camera.token]);
  camera.simulator.assertScenarioFinished();
});
