import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { Session } from "node:inspector/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
// As it is built: what the server runs is then no source of the camera's.
import { Simulator } from "thermal-provision/simulator";
import { afterEach, beforeEach, expect, test } from "vitest";
import { provision } from "../../src/index.ts";
import { openProfile, provisionKey, provisionSecret } from "../stories/camera.ts";

/** Who follows an answer to its end reads as many files; a new one on that way is a decision. */
const most = 86;

let directory: string;
let session: Session;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "camera-"));
  session = new Session();
  session.connect();
});

afterEach(() => {
  session.disconnect();
  rmSync(directory, { recursive: true });
});

test(`between the request and the end of a success, functions of at most ${most} files run`, async () => {
  await using simulator = await Simulator.start({ profiles: [openProfile] });
  writeFileSync(join(directory, "provision.txt"), "");
  writeFileSync(join(directory, "thermal_config.json"), "{}");
  const input = {
    server_url: simulator.host,
    server_port: simulator.port,
    provision_device_key: provisionKey,
    provision_device_secret: provisionSecret,
    use_ssl: false,
  };
  writeFileSync(join(directory, "provision.json"), JSON.stringify(input), { mode: 0o600 });
  await session.post("Profiler.enable");
  await session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: false });

  let before: Promise<unknown> | undefined;
  const outcome = await provision({
    directory,
    onStatus({ currentState }) {
      // What is taken is not counted again.
      if (currentState === "WAITING_RESPONSE") before = session.post("Profiler.takePreciseCoverage");
    },
  });
  const { result } = await session.post("Profiler.takePreciseCoverage");

  expect(outcome.result).toBe("provisioned");
  expect(before).toBeDefined();
  const files = result
    .filter(({ functions }) =>
      functions.some(({ functionName, ranges: [whole] }) => functionName !== "" && (whole?.count ?? 0) > 0),
    )
    .map(({ url }) => url)
    .filter((url) => /\/src\/.*\.ts$/.test(url));
  expect(files.length).toBeGreaterThan(40);
  expect(files.length, files.toSorted().join("\n")).toBeLessThanOrEqual(most);
});
