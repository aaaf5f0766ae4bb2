import { connect as connectTcp } from "node:net";
import { beforeEach, expect, it, vi } from "vitest";
import { Expired } from "../../src/base/clock.ts";
import { connect } from "../../src/transport/connect.ts";

vi.mock("node:net", { spy: true });

beforeEach(() => void vi.mocked(connectTcp).mockClear());

/** Nothing on this machine is slow enough to show it: what Node is told must do. */
it.each([
  ["plain text", {}],
  ["TLS", { tls: {} }],
] as const)("over %s each address of a name has three seconds, not Node's quarter of one", async (_, tls) => {
  const stop = new AbortController();
  const connecting = connect({ host: "localhost", port: 1, ...tls }, stop.signal);
  stop.abort(new Expired("the time is up"));
  await expect(connecting).rejects.toMatchObject({ errorCode: "CONNECT_TIMEOUT" });
  expect(connectTcp).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ autoSelectFamilyAttemptTimeout: 3000 }));
});
