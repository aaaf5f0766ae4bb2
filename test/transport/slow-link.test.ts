import { connect as connectTcp } from "node:net";
import { connect as connectTls } from "node:tls";
import { expect, it, vi } from "vitest";
import { Expired } from "../../src/base/clock.ts";
import { connect } from "../../src/transport/connect.ts";

vi.mock("node:net", { spy: true });
vi.mock("node:tls", { spy: true });

/** Nothing on this machine is slow enough to show it: what Node is told must do. */
it.each([
  ["plain text", {}, connectTcp],
  ["TLS", { tls: {} }, connectTls],
] as const)("over %s each address of a name has three seconds, not Node's quarter of one", async (_, tls, call) => {
  const stop = new AbortController();
  const connecting = connect({ host: "localhost", port: 1, ...tls }, stop.signal);
  stop.abort(new Expired("the time is up"));
  await expect(connecting).rejects.toMatchObject({ errorCode: "CONNECT_TIMEOUT" });
  expect(call).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ autoSelectFamilyAttemptTimeout: 3000 }));
});
