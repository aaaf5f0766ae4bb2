import { describe, expect, it } from "vitest";
import type { ProvisionOptions } from "../../src/index.ts";
import { Camera } from "./camera.ts";

const canary = "CANARY in a message";

function throws(): never {
  throw new TypeError(canary);
}

async function rejects(): Promise<void> {
  throw new TypeError(canary);
}

describe.each([
  ["throw", throws],
  ["reject", rejects],
])("callbacks that %s", (_, callback) => {
  it("do not disturb a run, and are told of in its outcome", async () => {
    await using camera = await Camera.start({ scenario: [{ on: "request", do: "close", when: "before the work" }] });
    const options: ProvisionOptions = { onStatus: callback, onWarning: callback, onRetry: callback };
    const outcome = await camera.run(options);
    expect(outcome).toMatchObject({ result: "provisioned", exitStatus: 0 });
    expect(camera.tokensOnServer).toEqual([camera.token]);
    const told = outcome.warnings.filter(({ code }) => code === "LISTENER_FAILED").map(({ message }) => message);
    expect(told.toSorted()).toEqual(
      ["onRetry", "onStatus", "onWarning"].map((name) => expect.stringContaining(`It is ${name}, with TypeError.`)),
    );
    expect(JSON.stringify(outcome)).not.toContain(canary);
  });

  it("do not keep a failed run from telling its error", async () => {
    await using camera = await Camera.start({}, { server_port: 0 });
    const outcome = await camera.run({ onStatus: callback });
    expect(outcome).toMatchObject({ result: "failed", error: { errorCode: "CREDENTIALS_FILE_INVALID" } });
    expect(outcome.warnings.map(({ code }) => code)).toContain("LISTENER_FAILED");
  });
});

it("a callback that threw once is called again, and other callbacks hear of it", async () => {
  await using camera = await Camera.start();
  const states: string[] = [];
  const warnings: string[] = [];
  const outcome = await camera.run({
    onStatus: ({ currentState }) => {
      if (states.push(currentState) === 1) throws();
    },
    onWarning: ({ code }) => warnings.push(code),
  });
  expect(outcome.result).toBe("provisioned");
  expect(states.at(-1)).toBe("COMPLETED");
  expect(warnings).toContain("LISTENER_FAILED");
});

it("a callback that writes into what it gets changes neither the run nor what others get", async () => {
  await using camera = await Camera.start({ scenario: [{ on: "request", do: "close", when: "before the work" }] });
  const before = Date.now();
  const frozen: boolean[] = [];
  const spoil = (told: object) => {
    frozen.push(Object.isFrozen(told));
    for (const value of Object.values(told)) if (value instanceof Date) value.setTime(0);
    Reflect.set(told, "currentState", "FAILED_UPDATE");
    Reflect.set(told, "message", canary);
  };
  const outcome = await camera.run({ onStatus: spoil, onWarning: spoil, onRetry: spoil });
  expect(outcome).toMatchObject({ result: "provisioned", status: { currentState: "COMPLETED" } });
  expect(outcome.status.startedAt.getTime()).toBeGreaterThanOrEqual(before);
  expect(outcome.warnings.map(({ code }) => code)).not.toContain("LISTENER_FAILED");
  expect(JSON.stringify(outcome)).not.toContain(canary);
  expect(new Set(frozen)).toEqual(new Set([true]));
});
