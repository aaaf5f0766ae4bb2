import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it, vi } from "vitest";
import { decodeRecord, encodeRecord } from "../../src/files/journal/records.ts";
import { dryRun } from "../../src/index.ts";
import { Simulator, type SimulatorOptions } from "../../src/simulator/index.ts";
import { authorityFile, identity } from "../fixtures/tls/certificates.ts";
import { Camera, provisionKey, provisionSecret } from "./camera.ts";

const first = ".thermal-provision/127.0.0.1";

/** A camera whose server made its device, and which was stopped before it heard of that. */
async function unfinished(options: SimulatorOptions = {}, credentials: Record<string, unknown> = {}): Promise<Camera> {
  const camera = await Camera.start({ scenario: [{ on: "request", nth: 1, do: "lose" }], ...options }, credentials);
  copyFileSync(authorityFile(), join(camera.directory, "authority.pem"));
  const stop = new AbortController();
  const outcome = await camera.run({
    signal: stop.signal,
    onStatus: ({ currentState }) => {
      if (currentState === "WAITING_RESPONSE") stop.abort();
    },
  });
  expect(outcome).toMatchObject({ result: "failed", error: { errorCode: "INTERRUPTED" } });
  await vi.waitFor(() => expect(camera.simulator.devices).toHaveLength(1));
  return camera;
}

async function anotherServer(): Promise<Simulator> {
  const key = { provisionDeviceKey: provisionKey, provisionDeviceSecret: provisionSecret };
  const profile = { name: "thermal-camera", provisionType: "ALLOW_CREATE_NEW_DEVICES", ...key } as const;
  return Simulator.start({ profiles: [profile] });
}

const overTls = { use_ssl: true, ca_file: "authority.pem" };
const ways = [
  { way: "in plain text", options: {}, credentials: {} },
  { way: "over TLS", options: { tls: identity("server") }, credentials: overTls },
];

it.each(ways)(
  "an answer is lost, and the server is written by its name instead of its address, $way: it is the same device",
  async ({ options, credentials }) => {
    await using camera = await unfinished(options, credentials);
    expect(camera.journal).toEqual(["127.0.0.1/intent-1.json", "127.0.0.1/sent-1.json"]);
    const asked = camera.tokensOnServer;
    const { correlation_id: correlationId, started_at: startedAt } = JSON.parse(
      camera.read("provisioning_status.json"),
    );
    camera.credentials({ server_url: "localhost", ...credentials });
    const outcome = await camera.run();
    expect(outcome).toMatchObject({ result: "provisioned", credentials: { host: "localhost" } });
    const told = outcome.warnings.filter(({ code }) => /UNFINISHED_ELSEWHERE|SERVER_RECOGNISED/.test(code));
    expect(told.map(({ code }) => code)).toEqual(["SERVER_RECOGNISED"]);
    expect(told[0]?.message).toMatch(/It was 127\.0\.0\.1 before, with the name thermal-camera-[A-Z0-9]{6}\.$/);
    expect(camera.tokensOnServer).toEqual(asked);
    expect(camera.token).toBe(asked[0]);
    expect(camera.journal).toEqual([]);
    expect(outcome.status).toMatchObject({ correlationId, startedAt: new Date(startedAt) });
  },
);

it("what the record says is where the request went, and no secret", async () => {
  await using camera = await unfinished({ tls: identity("server") }, overTls);
  const record = decodeRecord(readFileSync(join(camera.directory, first, "sent-1.json")));
  const { port } = camera.simulator;
  expect(record).toEqual({
    kind: "body",
    body: {
      number: 1,
      attempt_id: expect.any(String),
      server: "127.0.0.1",
      address: "127.0.0.1",
      port,
      public_key: expect.stringMatching(/^sha256\/[A-Za-z0-9+/]{43}=$/),
      sent_at: expect.any(String),
    },
  });
  expect(camera.read(`${first}/sent-1.json`)).not.toContain(camera.tokensOnServer[0]);
});

it("at a server that is another one the unfinished provisioning stays, and is told of before anything is sent", async () => {
  await using camera = await unfinished();
  await using other = await anotherServer();
  camera.credentials({ server_url: "localhost", server_port: other.port });
  const outcome = await camera.run();
  expect(outcome.result).toBe("provisioned");
  const told = outcome.warnings.find(({ code }) => code === "UNFINISHED_ELSEWHERE");
  expect(told?.message).toMatch(/It is for 127\.0\.0\.1, with the name thermal-camera-[A-Z0-9]{6}\.$/);
  expect(other.devices).toHaveLength(1);
  expect(camera.journal).toEqual(["127.0.0.1/intent-1.json", "127.0.0.1/sent-1.json"]);
});

it("the dry run says that a run looks at the server first", async () => {
  await using camera = await unfinished();
  camera.credentials({ server_url: "localhost" });
  const { warnings } = await dryRun({ directory: camera.directory });
  const told = warnings.find(({ code }) => code === "UNFINISHED_ELSEWHERE");
  expect(told?.message).toContain("A run looks first whether it is the same server");
});

it("a mere typing mistake leaves nothing: what was never sent is removed, and nobody is told of it", async () => {
  await using camera = await Camera.start({}, { server_port: 1 });
  expect(await camera.run()).toMatchObject({ result: "failed", error: { errorCode: "CONNECTION_REFUSED" } });
  expect(camera.journal).toEqual(["127.0.0.1/intent-1.json"]);
  camera.credentials({ server_url: "localhost" });
  const outcome = await camera.run();
  expect(outcome.result).toBe("provisioned");
  expect(outcome.warnings.map(({ code }) => code)).not.toContain("UNFINISHED_ELSEWHERE");
  expect(camera.journal).toEqual([]);
  expect(camera.has(first)).toBe(false);
});

it("an intent of a former version, which kept no record of sending, is not removed: it may have been sent", async () => {
  await using camera = await unfinished();
  const path = join(camera.directory, first, "intent-1.json");
  const record = decodeRecord(readFileSync(path));
  if (record.kind !== "body") throw new Error("there is no intent");
  const { sending_is_recorded: _, ...former } = record.body;
  writeFileSync(path, encodeRecord(former));
  camera.remove(`${first}/sent-1.json`);
  camera.credentials({ server_url: "localhost" });
  const outcome = await camera.run();
  expect(outcome.warnings.map(({ code }) => code)).toContain("UNFINISHED_ELSEWHERE");
  expect(camera.journal).toEqual(["127.0.0.1/intent-1.json"]);
});

it("a damaged record of sending says that something was sent, and not where to", async () => {
  await using camera = await unfinished();
  const path = join(camera.directory, first, "sent-1.json");
  writeFileSync(path, readFileSync(path, "utf8").replace("sha256", "sha265"));
  camera.credentials({ server_url: "localhost" });
  const outcome = await camera.run();
  expect(outcome.warnings.map(({ code }) => code)).toContain("UNFINISHED_ELSEWHERE");
  expect(camera.journal).toEqual(["127.0.0.1/intent-1.json", "127.0.0.1/sent-1.json"]);
});

it("with --new-identity nothing is recognised: another device is what was asked for, and the unfinished one is told of", async () => {
  await using camera = await unfinished();
  camera.credentials({ server_url: "localhost" });
  const outcome = await camera.run({ newIdentity: true });
  expect(outcome.result).toBe("provisioned");
  expect(outcome.warnings.map(({ code }) => code)).toContain("UNFINISHED_ELSEWHERE");
  expect(camera.simulator.devices).toHaveLength(2);
});
