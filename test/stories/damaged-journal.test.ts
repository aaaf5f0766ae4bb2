import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { Camera } from "./camera.ts";

/** A camera whose first answers were lost, with a device on the server, and a byte changed in a record of its journal. */
async function damaged(record: string, options: Parameters<typeof Camera.start>[0]): Promise<Camera> {
  const camera = await Camera.start(options);
  expect(await camera.run()).toMatchObject({ result: "failed", exitStatus: 75 });
  const path = join(camera.directory, ".thermal-provision", camera.simulator.host, record);
  const bytes = readFileSync(path);
  bytes[bytes.indexOf('"body"')] = 0x5b;
  writeFileSync(path, bytes);
  return camera;
}

/** Every proof of the first run. */
const unheard = { scenario: [1, 2, 3, 4].map((nth) => ({ on: "probe", nth, do: "lose" }) as const) };
const lost = {
  scenario: [
    { on: "request", nth: "every", do: "lose" },
    { on: "probe", nth: "every", do: "lose" },
  ],
} as const;

it("a damaged intent is no reason for a second device: the run ends with 78 and sends nothing", async () => {
  await using camera = await damaged("intent-1.json", lost);
  expect(camera.simulator.devices).toHaveLength(1);
  const heard = camera.simulator.heard.length;
  const journal = camera.journal;
  const outcome = await camera.run();
  expect(outcome).toMatchObject({ result: "failed", exitStatus: 78, error: { errorCode: "JOURNAL_UNREADABLE" } });
  expect(camera.simulator.heard.length).toBe(heard);
  expect(camera.journal).toEqual(journal);
  expect(camera.has("provision.txt")).toBe(true);
});

it("a damaged answer is put aside with a warning, and the intent leads to the same device", async () => {
  await using camera = await damaged("received-1.json", unheard);
  const outcome = await camera.run();
  expect(outcome).toMatchObject({ result: "provisioned" });
  expect(outcome.warnings.map(({ code }) => code)).toContain("JOURNAL_RECORD_DAMAGED");
  expect(camera.tokensOnServer).toEqual([camera.token]);
});
