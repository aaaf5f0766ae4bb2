import { once } from "node:events";
import { createServer } from "node:net";
import { describe, expect, it } from "vitest";
import { seconds } from "../../src/base/duration.ts";
import { type Connect, linkOver, type Outcome } from "../../src/index.ts";
import { connect } from "../../src/transport/connect.ts";
import { connectionError } from "../../src/transport/connection-error.ts";
import { FakeClock } from "../base/fake-clock.ts";
import { Camera } from "./camera.ts";
import { fails, provisionsTheSame } from "./hostile-encounter.ts";

const network = { type: "NETWORK", exitStatus: 75, state: "FAILED_CONNECTION" } as const;

/** A port at which nothing listens. */
async function deafPort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address !== null ? address.port : 0;
}

/** The network's failure `code` instead of the first `times` connections. */
function failing(code: string, times = Number.POSITIVE_INFINITY): Connect {
  let count = 0;
  return async (endpoint, signal) => {
    if (count++ >= times) return connect(endpoint, signal);
    throw connectionError(endpoint, Object.assign(new Error(`getaddrinfo ${code}`), { code }));
  };
}

describe("a server that cannot be reached", () => {
  it("because nothing listens: CONNECTION_REFUSED after three waits, and the same device later", async () => {
    await using camera = await Camera.start();
    const port = await deafPort();
    camera.credentials({ server_port: port });
    const says = `127.0.0.1:${port} (plain text): nothing listens there, and that is this camera itself, or the container it runs in (ECONNREFUSED)`;
    await fails(camera, { ...network, code: "CONNECTION_REFUSED", says });
    expect(camera.retries.map(({ wait, because }) => [wait, because])).toEqual([
      [1000, "CONNECTION_REFUSED"],
      [2000, "CONNECTION_REFUSED"],
      [4000, "CONNECTION_REFUSED"],
    ]);
    expect(JSON.parse(camera.read("provisioning_status.json"))).toMatchObject({ error_count: 3 });
    camera.credentials();
    await provisionsTheSame(camera);
  });

  it("announces no retry that the end of the run would overtake", async () => {
    await using camera = await Camera.start({}, { timeout_seconds: 1 });
    let asked = 0;
    const counting = failing("ECONNREFUSED");
    const outcome = await camera.run({
      connect: (endpoint, signal) => {
        asked++;
        return counting(endpoint, signal);
      },
    });
    expect(outcome).toMatchObject({ result: "failed", error: { errorCode: "CONNECTION_REFUSED" } });
    expect(asked).toBe(camera.retries.length + 1);
    expect(camera.retries.map(({ wait }) => wait)).not.toContain(4000);
  });

  it.each([
    ["ENOTFOUND", "HOST_NOT_FOUND"],
    ["EAI_AGAIN", "RESOLVER_SILENT"],
    ["ENETUNREACH", "NETWORK_UNREACHABLE"],
  ] as const)("because of %s: %s, and the same device later", async (name, code) => {
    await using camera = await Camera.start();
    await fails(camera, { ...network, code }, { connect: failing(name) });
    expect(camera.simulator.heard).toEqual([]);
    await provisionsTheSame(camera);
  });

  it("because its address is silent: CONNECT_TIMEOUT, FAILED_TIMEOUT, and the same device later", async () => {
    await using camera = await Camera.start({}, { timeout_seconds: 5 });
    const ending = { ...network, code: "CONNECT_TIMEOUT", state: "FAILED_TIMEOUT" } as const;
    await fails(camera, ending, { connect: failing("ETIMEDOUT") });
    await provisionsTheSame(camera);
  });

  it("before the network is up is waited for, and asked once", async () => {
    await using camera = await Camera.start();
    expect(await camera.run({ connect: failing("EAI_AGAIN", 3) })).toMatchObject({ result: "provisioned" });
    expect(camera.retries).toHaveLength(3);
    expect(JSON.parse(camera.read("provisioning_status.json"))).toMatchObject({ error_count: 3 });
    expect(camera.tokensOnServer).toEqual([camera.token]);
  });

  it("for half an hour is waited for with --wait", async () => {
    await using camera = await Camera.start();
    const clock = new FakeClock();
    const down = failing("ENETUNREACH", 160);
    const upAtLast: Connect = async (endpoint, signal) => {
      await down(endpoint, signal).then((link) => link.close());
      return linkOver(camera.simulator.connect());
    };
    let outcome: Outcome | undefined;
    const running = camera.run({ wait: true, clock, connect: upAtLast }).then((ended) => {
      outcome = ended;
    });
    while (outcome === undefined) await clock.advance(seconds(5));
    await running;
    expect(outcome).toMatchObject({ result: "provisioned" });
    const waits = camera.retries.map(({ wait }) => wait);
    expect(waits.reduce((sum, wait) => sum + wait, 0)).toBeGreaterThan(30 * 60_000);
    expect(Math.max(...waits)).toBeLessThanOrEqual(60_000);
    // One row of waits: those of the first run, then those between the runs, and never from the beginning again.
    const bounds = [
      [1000, 2000],
      [2000, 4000],
      [4000, 8000],
      // 8 and 16 seconds; but no shorter than the 10 that this error asks for, which chance makes 12.5.
      [10_000, 12_500],
      [10_000, 16_000],
      [16_000, 32_000],
    ] as const;
    bounds.forEach(([least, most], index) => {
      expect(waits[index]).toBeGreaterThanOrEqual(least);
      expect(waits[index]).toBeLessThanOrEqual(most);
    });
    expect(Math.min(...waits.slice(bounds.length))).toBeGreaterThanOrEqual(30_000);
    expect(camera.tokensOnServer).toEqual([camera.token]);
    expect(clock.sleepers).toBe(0);
  });

  it("for the probe only: what was granted is kept, and the next run asks nobody for anything new", async () => {
    await using camera = await Camera.start();
    let requests = 0;
    const outcome = await camera.run({
      connect: (endpoint, signal) => (requests++ === 0 ? connect : failing("ECONNREFUSED"))(endpoint, signal),
    });
    expect(outcome).toMatchObject({ result: "failed", exitStatus: 75, error: { errorCode: "CONNECTION_REFUSED" } });
    expect(camera.journal.map((name) => name.split("/").at(-1)).sort()).toEqual([
      "intent-1.json",
      "received-1.json",
      "sent-1.json",
    ]);
    const before = camera.simulator.heard.filter(({ topic }) => topic === "/provision/request").length;
    await provisionsTheSame(camera);
    const after = camera.simulator.heard.filter(({ topic }) => topic === "/provision/request").length;
    expect([before, after]).toEqual([1, 1]);
  });
});
