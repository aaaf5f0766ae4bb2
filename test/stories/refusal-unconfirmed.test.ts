import { expect, it } from "vitest";
import { type Duration, seconds } from "../../src/base/duration.ts";
import { type Connect, type Outcome, ProvisioningError } from "../../src/index.ts";
import { connectOverNetwork } from "../../src/run/surroundings.ts";
import type { Behaviour } from "../../src/simulator/index.ts";
import { FakeClock } from "../base/fake-clock.ts";
import { Camera } from "./camera.ts";

/** With waits of 1, 2 and 4 seconds between them they leave 3 of the 25 seconds that a run has. */
const threeLostRequests = [1, 2, 3].map((nth): Behaviour => ({ on: "request", nth, do: "timeOut" }));

interface Fate {
  readonly behaviours: readonly Behaviour[];
  /** How long the run waits for the server there. */
  readonly waitsFor: (behaviour: Behaviour) => Duration;
  /** How long it takes to reach the server for the probe behind the fourth request. */
  readonly lastProbeAfter?: Duration;
}

/** Of each request, the connection that is opened ahead, and the probe's. */
const connectionsToLastProbe = 12;

/** Cameras whose first three requests come to nothing, and whose fourth is answered FAILURE. */
async function refusedLate(fate: Fate) {
  const scenario = [...threeLostRequests, ...fate.behaviours];
  const camera = await Camera.start({ scenario }, { timeout_seconds: 5, device_name: "Kiln 3" });
  const clock = new FakeClock();
  camera.simulator.on((event) => {
    if (event.type !== "behaviour") return;
    void clock.advance(threeLostRequests.includes(event.behaviour) ? seconds(5) : fate.waitsFor(event.behaviour));
  });
  let connections = 0;
  // Without the connection that is opened ahead no lost answer is asked for early: each request takes its whole time.
  const connect: Connect = async (endpoint, signal) => {
    if (++connections % 3 === 2) throw new ProvisioningError("CONNECTION_REFUSED", "no second connection");
    if (connections === connectionsToLastProbe) await clock.advance(fate.lastProbeAfter ?? seconds(0));
    return connectOverNetwork(endpoint, signal);
  };
  const run = (): Promise<Outcome> => camera.run({ clock, connect, onRetry: ({ wait }) => void clock.advance(wait) });
  return { camera, clock, run };
}

const retryable = {
  result: "failed",
  exitStatus: 75,
  error: { errorCode: "REFUSAL_UNCONFIRMED", isRetryable: true },
  status: { currentState: "FAILED_VALIDATION" },
};

it("FAILURE, and the run's time is up before the probe is answered: 75, not 77, and the device is found later", async () => {
  const { camera, clock, run } = await refusedLate({
    behaviours: [
      { on: "request", nth: 4, do: "createButFail" },
      { on: "probe", nth: 4, do: "timeOut" },
    ],
    waitsFor: ({ on }) => seconds(on === "probe" ? 3 : 0),
  });
  await using _ = camera;
  expect(await run()).toMatchObject(retryable);
  expect(clock.elapsed()).toBe(25_000);
  expect(await camera.run()).toMatchObject({ result: "provisioned", credentials: { deviceName: "Kiln 3" } });
  expect(camera.tokensOnServer).toEqual([camera.token]);
});

it("FAILURE and a refused probe, and no time is left to ask once more: 75, and the next run asks", async () => {
  const { camera, clock, run } = await refusedLate({
    behaviours: [{ on: "request", nth: 4, do: "refuse", status: "FAILURE" }],
    waitsFor: () => seconds(0),
    lastProbeAfter: seconds(2.5),
  });
  await using _ = camera;
  expect(await run()).toMatchObject(retryable);
  expect(clock.elapsed()).toBe(24_500);
  expect(await camera.run()).toMatchObject({ result: "provisioned", credentials: { deviceName: "Kiln 3" } });
  expect(camera.tokensOnServer).toEqual([camera.token]);
});
