import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import type { Clock } from "../../src/base/clock.ts";
import { milliseconds } from "../../src/base/duration.ts";
import { type FileSystem, nodeFileSystem } from "../../src/files/disk/file-system.ts";
import { inspect } from "../../src/inspect.ts";
import { ProvisioningError } from "../../src/model/errors.ts";
import { reset } from "../../src/reset.ts";
import { Camera } from "./camera.ts";
import { hurriedClock } from "./hurried-clock.ts";

/** A camera whose run was killed while it waited for the answer, as far as its files tell. */
async function killedWhileWaiting(): Promise<Camera> {
  const closed = [1, 2, 3, 4].map((nth) => ({ on: "request", nth, do: "close", when: "before the work" }) as const);
  const camera = await Camera.start({ scenario: closed });
  await camera.run();
  const status = JSON.parse(camera.read("provisioning_status.json"));
  const { completed_at: _, last_error: __, ...running } = status;
  camera.write("provisioning_status.json", JSON.stringify({ ...running, current_state: "WAITING_RESPONSE" }));
  return camera;
}

it("what was interrupted and put aside is not called complete", async () => {
  await using camera = await killedWhileWaiting();
  const { directory } = camera;
  await reset({ directory });
  camera.remove("provision.txt");
  const outcome = await camera.run();
  expect(outcome).toMatchObject({ result: "nothing_to_do", status: { currentState: "IDLE" } });
  expect(outcome).toMatchObject({ camera: { state: "not provisioned", directory, missing: ["provision.txt"] } });
  const told: unknown = JSON.parse(camera.read("provisioning_status.json"));
  expect(told).toMatchObject({
    current_state: "IDLE",
    last_error: "INTERRUPTED: the last run was interrupted in WAITING_RESPONSE, and what it had begun was put aside",
  });
  expect(told).not.toHaveProperty("completed_at");
  // Nothing is left to put right.
  const before = camera.read("provisioning_status.json");
  await camera.run();
  expect(camera.read("provisioning_status.json")).toBe(before);
});

it("a status that says COMPLETED is put right when the configuration does not carry its attempt", async () => {
  await using camera = await Camera.start();
  await camera.run();
  camera.write("thermal_config.json", "{}");
  expect(await camera.run()).toMatchObject({ result: "nothing_to_do", status: { currentState: "IDLE" } });
  expect(JSON.parse(camera.read("provisioning_status.json"))).toMatchObject({ current_state: "IDLE" });
});

it("a provisioned camera says as whom, where and since when, with the attempt of its configuration", async () => {
  await using camera = await Camera.start();
  const { status } = await camera.run();
  camera.remove("provisioning_status.json");
  const outcome = await camera.run();
  const [device] = camera.simulator.devices;
  expect(outcome).toMatchObject({
    result: "nothing_to_do",
    status: { currentState: "COMPLETED", correlationId: status.correlationId, deviceName: device?.name },
    camera: {
      state: "provisioned",
      device: { deviceName: device?.name, host: "127.0.0.1", attemptId: status.correlationId },
    },
  });
  expect(JSON.stringify(outcome)).not.toContain(camera.token);
  expect(camera.has("provisioning_status.json")).toBe(false);
});

it("a provisioned camera never says that it ended before it began, and remembers when and how", async () => {
  const scenario = [{ on: "connection", do: "close" }] as const;
  await using camera = await Camera.start({ scenario });
  const { status: first } = await camera.run();
  const { status: later } = await camera.run();
  expect(later).toMatchObject({ currentState: "COMPLETED", errorCount: 1 });
  expect(later.startedAt).toEqual(new Date(Math.min(first.startedAt.getTime(), later.completedAt?.getTime() ?? 0)));
  camera.remove("provisioning_status.json");
  const { status: forgotten } = await camera.run();
  expect(forgotten).toMatchObject({ startedAt: forgotten.completedAt, errorCount: 0 });
});

it("credentials that no run has proved are not called provisioned", async () => {
  await using camera = await Camera.start();
  const written = {
    ...{ device: { access_token: "byHand" }, server: { url: "tb.example", port: 1883 } },
    // From before this program: nothing is said of the clock, for it was not this program that looked at it.
    provisioning: { provisioned_at: "2025-10-23T14:30:00Z" },
  };
  camera.write("thermal_config.json", JSON.stringify(written));
  camera.remove("provision.txt");
  const outcome = await camera.run();
  expect(outcome).toMatchObject({ result: "nothing_to_do", status: { currentState: "IDLE" } });
  expect(outcome).toMatchObject({ camera: { state: "unproved", device: { host: "tb.example" } }, warnings: [] });
  expect((await inspect({ directory: camera.directory })).camera.state).toBe("unproved");
});

it("a run begins in IDLE, and says so in the status file as soon as it has the lock; of a swift run the file shows three states", async () => {
  await using camera = await Camera.start();
  const inFile: string[] = [];
  const files: FileSystem = {
    ...nodeFileSystem,
    rename(from, to) {
      nodeFileSystem.rename(from, to);
      if (to.endsWith("provisioning_status.json")) inFile.push(JSON.parse(readFileSync(to, "utf8")).current_state);
    },
  };
  // No state is old enough to be written.
  const sleep: Clock["sleep"] = (duration, signal) =>
    duration === 200 ? new Promise(() => {}) : hurriedClock.sleep(duration, signal);
  await camera.run({ files, deviceIdWithin: milliseconds(0), clock: { ...hurriedClock, sleep } });
  const shown = camera.statuses.map(({ currentState }) => currentState);
  expect(shown.slice(0, 3)).toEqual(["IDLE", "DETECTING_FILES", "LOADING_CONFIG"]);
  expect(inFile).toEqual(["IDLE", "WAITING_RESPONSE", "COMPLETED"]);
});

it("error_count counts announced repetitions and goes on in the next run; last_error is gone after the success", async () => {
  await using camera = await Camera.start();
  const refused = async () => {
    throw new ProvisioningError("CONNECTION_REFUSED", "nothing listens there");
  };
  const first = await camera.run({ connect: refused });
  expect(first).toMatchObject({ result: "failed", status: { errorCount: 3, lastError: expect.any(String) } });
  const second = await camera.run({ connect: refused });
  const { correlationId, startedAt, roundStartedAt } = first.status;
  expect(second.status).toMatchObject({ errorCount: 6, correlationId, startedAt });
  expect(second.status.roundStartedAt.getTime()).toBeGreaterThan(roundStartedAt.getTime());
  const third = await camera.run();
  expect(third.status).toMatchObject({ currentState: "COMPLETED", errorCount: 6, correlationId, startedAt });
  expect(third.status).not.toHaveProperty("lastError");
});

it("the rounds of --wait are one provisioning: one id, one beginning, one count", async () => {
  await using camera = await Camera.start();
  let calls = 0;
  const abort = new AbortController();
  const outcome = await camera.run({
    wait: true,
    signal: abort.signal,
    connect: async () => {
      if (++calls > 6) abort.abort();
      throw new ProvisioningError("CONNECTION_REFUSED", "nothing listens there");
    },
  });
  expect(new Set(camera.statuses.map(({ correlationId }) => correlationId)).size).toBe(1);
  expect(new Set(camera.statuses.map(({ startedAt }) => startedAt.getTime())).size).toBe(1);
  // Three repetitions in the first run, then a run for each: all but the first of seven calls.
  expect(outcome.status).toMatchObject({ errorCount: 6 });
});

it("last_error is the whole cause in one line", async () => {
  await using camera = await Camera.start();
  camera.write("provision.json", '{ "server_port": 99999 }');
  await camera.run();
  const { last_error: lastError } = JSON.parse(camera.read("provisioning_status.json"));
  expect(lastError).toMatch(
    /^CREDENTIALS_FILE_INVALID: provision\.json in .* cannot be used: provision\.json:1:1: .*; provision\.json:1:18: server_port: found/,
  );
  expect(lastError).not.toContain("\n");
});

it("a sentence of last_error ends with one mark, and the next begins behind it", async () => {
  const scenario = [{ on: "probe", nth: "every", do: "code", code: 5 }] as const;
  await using camera = await Camera.start({ scenario });
  await camera.run();
  const { status } = await camera.run();
  expect(status.lastError).toMatch(/^DEVICE_LOCKED_OUT: .*\. Before that, REFUSAL_UNCONFIRMED: /);
  expect(status.lastError).not.toMatch(/[.:];/);
});
