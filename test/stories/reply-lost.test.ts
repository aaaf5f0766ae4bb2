import { describe, expect, it } from "vitest";
import { type Duration, seconds } from "../../src/base/duration.ts";
import type { Connect } from "../../src/index.ts";
import { connectOverNetwork } from "../../src/run/surroundings.ts";
import type { Behaviour } from "../../src/simulator/index.ts";
import { FakeClock } from "../base/fake-clock.ts";
import { Camera, openProfile } from "./camera.ts";

/** Everything that can become of the first answer. Each time there is one device in the end, and the camera has its token. */
const fates: readonly (readonly [string, Behaviour, number])[] = [
  ["is lost after the device was created", { on: "request", do: "lose" }, 1],
  ["is cut off by a close after the device was created", { on: "request", do: "close" }, 1],
  ["is cut off by a reset after the device was created", { on: "request", do: "reset" }, 1],
  ["is closed on after the acknowledgement", { on: "request", do: "close", when: "after the acknowledgement" }, 1],
  ["is cut off in the middle", { on: "request", do: "truncate", bytes: 40 }, 1],
  ["is garbled", { on: "request", do: "garble" }, 1],
  ["is no MQTT", { on: "request", do: "malform" }, 1],
  ["comes twice", { on: "request", do: "double" }, 1],
  ["comes before its acknowledgement", { on: "request", do: "reorder" }, 1],
  ["comes late", { on: "request", do: "delay", for: 100 }, 1],
  ["is FAILURE, although the device was created", { on: "request", do: "createButFail" }, 1],
  ["is FAILURE for a hiccup", { on: "request", do: "refuse", status: "FAILURE" }, 2],
  ["never comes, and the request is lost", { on: "request", do: "close", when: "before the work" }, 2],
  ["is preceded by a flood of other messages", { on: "request", do: "flood", packets: 500 }, 1],
];

describe("the first answer", () => {
  it.each(fates)("%s: one device, and the camera has its token", async (_, behaviour, requests) => {
    await using camera = await Camera.start({ scenario: [behaviour] }, { timeout_seconds: 40 });
    const outcome = await camera.run();
    expect(outcome).toMatchObject({ result: "provisioned", exitStatus: 0, status: { errorCount: requests - 1 } });
    expect(camera.tokensOnServer).toEqual([camera.token]);
    expect(camera.journal).toEqual([]);
    camera.simulator.assertScenarioFinished();
  });
});

describe("an answer that does not come although the connection stays open", () => {
  /** A camera on whose clock time passes only once the connection for the probe is open, and then `first`. */
  async function waiting(scenario: readonly Behaviour[], first: Duration) {
    const clock = new FakeClock();
    const profiles = [{ ...openProfile, deviceIdAfter: 0 }];
    const camera = await Camera.start({ scenario, clock, profiles }, { timeout_seconds: 30 });
    let connections = 0;
    const connect: Connect = async (endpoint, signal) => {
      const link = await connectOverNetwork(endpoint, signal);
      if (++connections === 2) void clock.advance(first);
      return link;
    };
    return { camera, clock, run: () => camera.run({ clock, connect }) };
  }
  const count = (camera: Camera, topic: string) => camera.simulator.heard.filter((each) => each.topic === topic).length;

  it("is asked for after two seconds by a login with what was offered, and not after half a minute", async () => {
    const { camera, clock, run } = await waiting([{ on: "request", do: "lose" }], seconds(2));
    await using _ = camera;
    expect(await run()).toMatchObject({ result: "provisioned", status: { errorCount: 0 } });
    expect(clock.elapsed()).toBe(2000);
    expect(camera.tokensOnServer).toEqual([camera.token]);
    expect(count(camera, "/provision/request")).toBe(1);
  });

  it("still counts when it comes behind a login that was refused", async () => {
    const late: Behaviour = { on: "request", do: "delay", for: 3000 };
    const { camera, clock, run } = await waiting([late, { on: "probe", do: "code", code: 5 }], seconds(3));
    await using _ = camera;
    expect(await run()).toMatchObject({ result: "provisioned", status: { errorCount: 0 } });
    expect(clock.elapsed()).toBe(3000);
    expect(camera.tokensOnServer).toEqual([camera.token]);
    expect(count(camera, "/provision/request")).toBe(1);
    camera.simulator.assertScenarioFinished();
  });
});

it("a request that the server forgets and carries out later makes the one device, and no second one", async () => {
  const scenario = [{ on: "request", do: "timeOut", work: { after: 400 } }] as const;
  await using camera = await Camera.start({ scenario }, { timeout_seconds: 10 });
  const outcome = await camera.run();
  expect(outcome).toMatchObject({ result: "provisioned" });
  expect(camera.tokensOnServer).toEqual([camera.token]);
});

it("SUCCESS without a device is believed only until the probe: the run ends with 75, and the next one asks again", async () => {
  await using camera = await Camera.start({ scenario: [{ on: "request", do: "answerWithoutCreating" }] });
  const first = await camera.run();
  expect(first).toMatchObject({ result: "failed", exitStatus: 75, error: { errorCode: "CREDENTIALS_REFUSED" } });
  expect(camera.read("thermal_config.json")).not.toContain("access_token");
  const second = await camera.run();
  expect(second).toMatchObject({ result: "provisioned" });
  expect(camera.tokensOnServer).toEqual([camera.token]);
});

it("the same name and token are sent on every try and in every run", async () => {
  const behaviour = { on: "request", nth: "every", do: "close", when: "before the work" } as const;
  await using camera = await Camera.start({ scenario: [behaviour] });
  expect(await camera.run()).toMatchObject({ result: "failed", exitStatus: 75, status: { errorCount: 3 } });
  expect(camera.retries.map(({ wait }) => wait)).toEqual([1000, 2000, 4000]);
  expect(await camera.run()).toMatchObject({ result: "failed", exitStatus: 75 });
  const payloads = camera.simulator.heard.flatMap(({ topic, payload }) =>
    topic === "/provision/request" ? [payload] : [],
  );
  expect(payloads).toHaveLength(8);
  expect(new Set(payloads).size).toBe(1);
});

it("a probe that is refused for a moment does not lose what was granted", async () => {
  await using camera = await Camera.start({ scenario: [{ on: "probe", do: "code", code: 5 }] });
  expect(await camera.run()).toMatchObject({ result: "provisioned", status: { errorCount: 1 } });
  expect(camera.retries).toHaveLength(1);
});

it("a restart of the server in the middle is outlived", async () => {
  await using camera = await Camera.start({ scenario: [{ on: "request", do: "restart", memory: "kept" }] });
  expect(await camera.run()).toMatchObject({ result: "provisioned" });
  expect(camera.tokensOnServer).toEqual([camera.token]);
});
