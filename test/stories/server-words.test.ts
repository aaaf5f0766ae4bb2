import { expect, it } from "vitest";
import type { Exchange } from "../../src/run/provision-options.ts";
import { connack, puback, publish } from "../transport/server-end.ts";
import { Camera, provisionSecret } from "./camera.ts";
import { answersRequests, HostileServer } from "./hostile-server.ts";

/** A camera whose server answers every request with this, and knows no device. */
async function answered(body: Readonly<Record<string, unknown>>) {
  const hex = connack() + puback + publish("/provision/response", JSON.stringify(body));
  await using hostile = await HostileServer.start(answersRequests(hex));
  await using camera = await Camera.start();
  camera.credentials({ server_port: hostile.port });
  const exchanges: Exchange[] = [];
  const outcome = await camera.run({ onExchange: (exchange) => exchanges.push(exchange) });
  if (outcome.result !== "failed") throw new Error("it was provisioned");
  const requests = exchanges.filter(({ kind }) => kind === "request").length;
  return { error: outcome.error, lastError: outcome.status.lastError, exchanges, requests };
}

it.each([
  { error_message: "Device quota exceeded (max 50)", error_code: "QUOTA_EXCEEDED" },
  { errorMsg: "Device quota exceeded (max 50)", errorCode: "QUOTA_EXCEEDED" },
])("what the server says about a refusal is in the outcome and in last_error (%j)", async (words) => {
  const { error, lastError } = await answered({ status: "FAILURE", ...words });
  expect(error).toMatchObject({ errorCode: "NAMES_REFUSED", errorType: "SERVER", exitStatus: 77 });
  const said = 'it said: "Device quota exceeded (max 50)" (QUOTA_EXCEEDED)';
  expect(error.message).toContain(said);
  expect(lastError).toContain(said);
});

it("what the server says is cleaned: no secret, no control character, no more than 500 characters", async () => {
  const { error, lastError } = await answered({
    status: "NOT_FOUND",
    errorMsg: `\u001b[2Jno ${provisionSecret}\r\n${"x".repeat(10_000)}`,
  });
  expect(error.message).toContain('it said: "[2Jno [secret] xxx');
  expect(error.message).not.toMatch(/(?!\n)\p{Cc}/u);
  for (const text of [error.message, lastError]) {
    expect(text).not.toContain(provisionSecret);
    expect(text?.length).toBeLessThan(700);
  }
});

it.each(["NOT_FOUND", "AUTH_FAILED", "INVALID_CREDENTIALS", "UNAUTHORIZED", "FORBIDDEN", "WRONG_SECRET"])(
  "a FAILURE with the code %s ends at once, with one request",
  async (code) => {
    const { error, requests } = await answered({ status: "FAILURE", error_code: code });
    expect(error).toMatchObject({ errorCode: "PROVISION_DATA_NOT_FOUND", errorType: "AUTH", exitStatus: 77 });
    expect(requests).toBe(1);
  },
);

it("the moments of request and answer are told, without a secret", async () => {
  const { exchanges } = await answered({ status: "NOT_FOUND" });
  expect(exchanges).toEqual([
    { kind: "request", deviceName: expect.any(String), createdAt: expect.any(Date) },
    { kind: "response", deviceName: expect.any(String), status: "NOT_FOUND", receivedAt: expect.any(Date) },
  ]);
});
