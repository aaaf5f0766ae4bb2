import { describe, expect, it } from "vitest";
import { type Clock, systemClock } from "../../src/base/clock.ts";
import type { Connect, ProvisioningState } from "../../src/index.ts";
import { ProvisioningError } from "../../src/index.ts";
import { settle } from "../base/fake-clock.ts";
import { connack, puback, publish } from "../transport/server-end.ts";
import { Camera } from "./camera.ts";
import { provisionsTheSame } from "./hostile-encounter.ts";
import { answersRequests, HostileServer, type Manners, says } from "./hostile-server.ts";

/**
 * The real clock, and how many still sleep on it: every timer of a run that could keep the process is one of its
 * sleeps.
 */
function watchedClock() {
  let sleepers = 0;
  const clock: Clock = {
    ...systemClock,
    async sleep(duration, signal) {
      sleepers++;
      await systemClock.sleep(duration, signal).finally(() => sleepers--);
    },
  };
  return { clock, sleepers: () => sleepers };
}

/** Connections and look-ups that would keep the process. */
function openConnections(): readonly string[] {
  return process.getActiveResourcesInfo().filter((kind) => /^(TCPSocket|TLS|GetAddrInfo|TCPConnect)/.test(kind));
}

const success = '{"status":"SUCCESS","credentialsType":"ACCESS_TOKEN","credentialsValue":"SvvenToken0123456789"}';
const granted = connack() + puback + publish("/provision/response", success);

/** Servers that leave a run waiting in this state for minutes; the clock is the real one. */
const waits: readonly (readonly [ProvisioningState, string, Manners, boolean])[] = [
  ["CONNECTING", "for the TLS handshake", says(""), true],
  ["WAITING_RESPONSE", "for the CONNACK", says(""), false],
  ["WAITING_RESPONSE", "for the answer", answersRequests(connack() + puback), false],
  ["VALIDATING_RESPONSE", "for the probe's CONNACK", grantsAndIsSilent(""), false],
  ["VALIDATING_RESPONSE", "for the attributes", grantsAndIsSilent(connack()), false],
];

describe("a run that waits for minutes", () => {
  it.each(waits)(
    "in %s, %s, ends within a second when it is stopped, and leaves nothing open",
    async (state, _, manners, useSsl) => {
      await using camera = await Camera.start();
      const { clock, sleepers } = watchedClock();
      {
        await using hostile = await HostileServer.start(manners);
        camera.credentials({ server_port: hostile.port, use_ssl: useSsl, timeout_seconds: 300 });
        const stop = new AbortController();
        const running = camera.run({ signal: stop.signal, clock });
        await hostile.spoken(useSsl || state === "WAITING_RESPONSE" ? 1 : 2);
        await settle();
        const from = performance.now();
        stop.abort(new ProvisioningError("TERMINATED", "stopped by the test"));
        const outcome = await running;
        expect(performance.now() - from).toBeLessThan(1000);
        expect(outcome).toMatchObject({ result: "failed", exitStatus: 143, status: { currentState: state } });
        await hostile.left();
      }
      await settle();
      expect(sleepers()).toBe(0);
      expect(openConnections()).toEqual([]);
      camera.credentials();
      // A record that nobody knows is kept, and the same request goes out again (docs/architecture.md#what-a-reply-proves).
      await provisionsTheSame(camera);
    },
  );

  it("for another try ends at once, too", async () => {
    await using camera = await Camera.start();
    const { clock, sleepers } = watchedClock();
    const stop = new AbortController();
    const connect: Connect = async () => {
      throw new ProvisioningError("CONNECTION_REFUSED", "nobody there");
    };
    const from = performance.now();
    const outcome = await camera.run({
      connect,
      clock,
      signal: stop.signal,
      onRetry: () => queueMicrotask(() => stop.abort()),
    });
    expect(performance.now() - from).toBeLessThan(1000);
    expect(outcome).toMatchObject({ result: "failed", exitStatus: 130, error: { errorCode: "INTERRUPTED" } });
    await settle();
    expect(sleepers()).toBe(0);
    expect(openConnections()).toEqual([]);
    await provisionsTheSame(camera);
  });
});

/** SUCCESS to a request; to a device these bytes and no more. */
function grantsAndIsSilent(hex: string): Manners {
  return async (socket, caller) => {
    socket.write(Buffer.from(((await caller) === "provisioning" ? granted : hex).replaceAll(" ", ""), "hex"));
  };
}
