import { describe, expect, it } from "vitest";
import type { ProvisioningState } from "../../src/index.ts";
import { ProvisioningError } from "../../src/index.ts";
import { isFinal } from "../../src/model/provisioning-status.ts";
import { Camera } from "./camera.ts";

const states: readonly ProvisioningState[] = [
  "DETECTING_FILES",
  "LOADING_CONFIG",
  "CONNECTING",
  "SENDING_REQUEST",
  "WAITING_RESPONSE",
  "VALIDATING_RESPONSE",
];

describe("a run that is stopped", () => {
  it.each(states)("in %s says so, and the next run continues with the same token", async (state) => {
    await using camera = await Camera.start();
    const controller = new AbortController();
    const outcome = await camera.run({
      signal: controller.signal,
      onStatus: ({ currentState }) => {
        if (currentState === state) controller.abort(new ProvisioningError("TERMINATED", "stopped by the test"));
      },
    });
    expect(outcome).toMatchObject({ result: "failed", exitStatus: 143, error: { errorCode: "TERMINATED" } });
    expect(isFinal(outcome.status.currentState)).toBe(false);
    expect(camera.files).not.toContain("provision.txt.processed");
    expect(await camera.run()).toMatchObject({ result: "provisioned" });
    expect(camera.tokensOnServer).toEqual([camera.token]);
    expect(camera.journal).toEqual([]);
  });

  it("while it writes the configuration has finished before it notices", async () => {
    await using camera = await Camera.start();
    const controller = new AbortController();
    const outcome = await camera.run({
      signal: controller.signal,
      onStatus: ({ currentState }) => currentState === "UPDATING_CONFIG" && controller.abort(),
    });
    expect(outcome).toMatchObject({ result: "provisioned", exitStatus: 0 });
  });

  it("with any other reason is interrupted: 130", async () => {
    await using camera = await Camera.start();
    const outcome = await camera.run({ signal: AbortSignal.abort("enough") });
    expect(outcome).toMatchObject({
      result: "failed",
      exitStatus: 130,
      error: {
        errorCode: "INTERRUPTED",
        message: expect.stringContaining("the run was stopped; the next one goes on from here"),
        cause: "enough",
      },
    });
    expect(camera.simulator.heard).toEqual([]);
  });

  it("while it waits for another try ends at once", async () => {
    await using camera = await Camera.start({ scenario: [{ on: "request", nth: "every", do: "close" }] });
    const controller = new AbortController();
    const outcome = await camera.run({ signal: controller.signal, onRetry: () => controller.abort() });
    expect(outcome).toMatchObject({ exitStatus: 0 });
  });
});

describe("with --wait", () => {
  it("what may pass is tried until it has passed", async () => {
    const behaviour = { do: "close", when: "before the work" } as const;
    const scenario = Array.from(
      { length: 6 },
      (_, index) => ({ on: "request", nth: index + 1, ...behaviour }) as const,
    );
    await using camera = await Camera.start({ scenario });
    expect(await camera.run({ wait: true })).toMatchObject({ result: "provisioned" });
    expect(camera.tokensOnServer).toEqual([camera.token]);
    expect(camera.retries.length).toBe(6);
  });

  it("what a person must mend ends the run", async () => {
    await using camera = await Camera.start({}, { provision_device_secret: "wrong" });
    expect(await camera.run({ wait: true })).toMatchObject({ result: "failed", exitStatus: 77 });
  });

  it("a stop ends it", async () => {
    await using camera = await Camera.start();
    await camera.simulator.close();
    const controller = new AbortController();
    const outcome = await camera.run({
      wait: true,
      signal: controller.signal,
      onRetry: ({ wait }) => wait >= 5000 && controller.abort(),
    });
    expect(outcome).toMatchObject({ result: "failed", exitStatus: 130, error: { errorCode: "INTERRUPTED" } });
  });
});
