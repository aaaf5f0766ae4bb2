import { expect, it } from "vitest";
import { Camera } from "./camera.ts";

it("a server that says SUCCESS and then lets no device in is waited for: 75 at every start, and it heals", async () => {
  const probes = Array.from({ length: 9 }, (_, nth) => ({ on: "probe", nth: nth + 1, do: "code", code: 5 }) as const);
  await using camera = await Camera.start({ scenario: probes });
  expect(await camera.run()).toMatchObject({ exitStatus: 75, error: { errorCode: "CREDENTIALS_REFUSED" } });
  const later = await camera.run();
  expect(later).toMatchObject({ exitStatus: 75, error: { errorCode: "DEVICE_LOCKED_OUT", errorType: "SERVER" } });
  expect(camera.simulator.devices).toHaveLength(1);
  for (let starts = 0; starts < 3 && camera.has("provision.txt"); starts++) {
    const outcome = await camera.run();
    expect([0, 75]).toContain(outcome.exitStatus);
  }
  expect(camera.has("provision.txt")).toBe(false);
  expect(camera.tokensOnServer).toEqual([camera.token]);
});
