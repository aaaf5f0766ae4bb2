import { describe, expect, it } from "vitest";
import { seconds } from "../../src/base/duration.ts";
import { checkWay, type Way } from "../../src/check/network.ts";
import { type CheckLine, type Connect, connect, ProvisioningError, systemClock } from "../../src/index.ts";
import { surroundings } from "../../src/run/surroundings.ts";
import { Camera } from "../stories/camera.ts";

/** What is said of the way to a server whose name has these addresses; those in `closed` lead nowhere. */
async function looked(camera: Camera, addresses: readonly string[], closed: readonly string[] = []) {
  const asked: string[] = [];
  const connecting: Connect = (endpoint, signal) => {
    asked.push(endpoint.host);
    if (closed.includes(endpoint.host)) {
      throw new ProvisioningError("CONNECT_TIMEOUT", `${endpoint.host}: no time was left to reach the address`);
    }
    return connect({ ...endpoint, host: camera.simulator.host }, signal);
  };
  const endpoint = { host: "tb.example", port: camera.simulator.port };
  const way: Way = {
    ...surroundings({ connect: connecting, clock: systemClock }),
    endpoint,
    asking: endpoint,
    within: seconds(10),
    lookUp: async () => addresses,
  };
  const lines: CheckLine[] = [];
  for await (const line of checkWay(way, { withTls: true })) lines.push(line);
  return { asked, lines: lines.map(({ group, name, state, found }) => `${group}: ${name}: ${state}: ${found}`) };
}

describe("a name with addresses of both families", () => {
  it("has each of them tried", async () => {
    await using camera = await Camera.start();
    const { asked, lines } = await looked(camera, ["2001:db8::7", "192.0.2.7", "192.0.2.8"]);
    expect(lines[0]).toBe("name: tb.example: ok: 2001:db8::7, 192.0.2.7, 192.0.2.8");
    expect(lines.slice(2, 4)).toEqual(["way: IPv4: ok: 192.0.2.7 answers", "way: IPv6: ok: 2001:db8::7 answers"]);
    expect(asked).toEqual(["tb.example", "192.0.2.7", "2001:db8::7"]);
  });

  it("has the one warned about that leads nowhere: every connection begins with a wait then", async () => {
    await using camera = await Camera.start();
    const { lines } = await looked(camera, ["2001:db8::7", "192.0.2.7"], ["2001:db8::7"]);
    expect(lines.slice(2, 4)).toEqual([
      "way: IPv4: ok: 192.0.2.7 answers",
      "way: IPv6: warning: 2001:db8::7: no time was left to reach the address",
    ]);
    expect(lines.at(-1)).toMatch(/^server: MQTT: ok/);
  });

  it("is not asked for where all addresses are of one", async () => {
    await using camera = await Camera.start();
    const { asked, lines } = await looked(camera, ["192.0.2.7", "192.0.2.8"]);
    expect(asked).toEqual(["tb.example"]);
    expect(lines.filter((line) => /IPv[46]/.test(line))).toEqual([]);
  });
});
