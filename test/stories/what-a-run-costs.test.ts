import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { type Clock, systemClock } from "../../src/base/clock.ts";
import { milliseconds } from "../../src/base/duration.ts";
import { nodeFileSystem } from "../../src/files/disk/file-system.ts";
import { connect } from "../../src/transport/connect.ts";
import { type Call, watched } from "../files/disk/watched-file-system.ts";
import { authorityFile, identity } from "../fixtures/tls/certificates.ts";
import { Camera, provisionKey, provisionSecret, someConfig } from "./camera.ts";

/** A server with the rule chain: the id comes with the first answer. */
const profile = {
  name: "thermal-camera",
  provisionType: "ALLOW_CREATE_NEW_DEVICES",
  provisionDeviceKey: provisionKey,
  provisionDeviceSecret: provisionSecret,
  deviceIdAfter: 0,
} as const;

/** No state of a run is old enough to be written into the status file. */
const swift: Clock = {
  ...systemClock,
  sleep: (duration, signal) => (duration === 200 ? new Promise(() => {}) : systemClock.sleep(duration, signal)),
};

/** One run, and what it asks of the disk and of the network. */
async function counted(camera: Camera) {
  const calls: Partial<Record<Call, number>> = {};
  const count = { written: 0, connections: 0 };
  const files = watched(nodeFileSystem, (call, _of, bytes) => {
    calls[call] = (calls[call] ?? 0) + 1;
    if (call === "write" && bytes instanceof Uint8Array) count.written += bytes.byteLength;
  });
  const outcome = await camera.run({
    files,
    clock: swift,
    deviceIdWithin: milliseconds(0),
    connect: (...parameters) => {
      count.connections++;
      return connect(...parameters);
    },
  });
  return { outcome, calls, ...count };
}

it("a provisioning syncs, writes and looks no more than it needs: flash is slow, and worn by every write", async () => {
  await using camera = await Camera.start({ profiles: [profile] });
  const { outcome, calls, written } = await counted(camera);
  expect(outcome).toMatchObject({ result: "provisioned" });
  // The intent and the three folders that lead to it 4, room for the answer 2, where the request goes 2, the answer 3, the backup 2, the configuration
  // 3, the record of the success 3, the trigger 1, the journal's removal 4, the last status 3.
  expect(calls.sync).toBeLessThanOrEqual(27);
  // Three times the status; the trial of the disk, the intent, the room, where the request goes, the answer; the backup, the configuration, the record.
  expect(calls.write).toBeLessThanOrEqual(11);
  // The room for what the server reveals is 8 KiB; the configuration is there, and in its backup, once each.
  expect(written).toBeLessThanOrEqual(8192 + 2 * (someConfig.length + 1024) + 4096);
  expect(calls.lock).toBe(1);
  // Two reads, the second of which finds the end, of each file that is looked at.
  expect(calls.read).toBeLessThanOrEqual(40);
  expect((calls.lstat ?? 0) + (calls.list ?? 0) + (calls.stat ?? 0) + (calls.open ?? 0)).toBeLessThanOrEqual(200);
});

it("a provisioning opens two connections, and speaks once on each before it knows all", async () => {
  await using camera = await Camera.start({ profiles: [profile] });
  const { connections } = await counted(camera);
  expect(connections).toBe(2);
  for (const connection of [1, 2]) {
    const said = camera.simulator.heard.filter((each) => each.connection === connection);
    const answered = said.findIndex(({ from }) => from === "server");
    const questions = said.flatMap(({ from, topic }, index) =>
      from === "client" && topic !== undefined ? [index] : [],
    );
    // What comes behind the first answer is thanks and goodbye.
    expect(questions.length).toBeGreaterThan(0);
    expect(Math.max(...questions)).toBeLessThan(answered);
  }
});

it("over TLS the second connection is begun as soon as the first has reached the server, and there, so that its handshake takes no time of its own", async () => {
  await using camera = await Camera.start({ profiles: [profile], tls: identity("server") });
  copyFileSync(authorityFile(), join(camera.directory, "authority.pem"));
  camera.credentials({ server_url: "localhost", use_ssl: true, ca_file: "authority.pem" });
  const seen: string[] = [];
  const outcome = await camera.run({
    connect: async (endpoint, signal, reached) => {
      seen.push(`to ${endpoint.address ?? endpoint.host}`);
      const link = await connect(endpoint, signal, reached);
      seen.push(`by ${link.security?.version}`);
      return link;
    },
    onStatus: ({ currentState }) => {
      if (currentState === "WAITING_RESPONSE" || currentState === "UPDATING_CONFIG") seen.push(currentState);
    },
  });
  expect(outcome).toMatchObject({ result: "provisioned" });
  // One round trip for TCP and one for TLS 1.3 on both at once, one for the request, one for the login: the second
  // handshake ends before the answer comes, or while it does.
  expect(seen.slice(0, 3)).toEqual(["to localhost", expect.stringMatching(/^to (127\.0\.0\.1|::1)$/), "by TLSv1.3"]);
  expect(seen.slice(3).toSorted()).toEqual(["UPDATING_CONFIG", "WAITING_RESPONSE", "by TLSv1.3"]);
});

it("a camera that logs in with a certificate shows it with its chain only when it is noted that the request was sent", async () => {
  await using camera = await Camera.start({ profiles: [profile], tls: identity("server") });
  copyFileSync(authorityFile(), join(camera.directory, "authority.pem"));
  camera.credentials({ use_ssl: true, ca_file: "authority.pem", credentials_type: "X509_CERTIFICATE" });
  const notes: boolean[] = [];
  const outcome = await camera.run({
    connect: (...parameters) => {
      notes.push(camera.journal.some((name) => /sent-1\.json$/.test(name)));
      return connect(...parameters);
    },
  });
  expect(outcome).toMatchObject({ result: "provisioned" });
  expect(notes).toEqual([false, true]);
});

it("a start with nothing to do takes no lock, writes nothing and asks nobody", async () => {
  await using camera = await Camera.start({ profiles: [profile] });
  await counted(camera);
  const { outcome, calls, connections } = await counted(camera);
  expect(outcome).toMatchObject({ result: "nothing_to_do" });
  const kinds = Object.keys(calls).filter((call) => !["lstat", "list", "open", "read", "stat", "close"].includes(call));
  expect([kinds, connections]).toEqual([[], 0]);
  expect(Object.values(calls).reduce((sum, each) => sum + each, 0)).toBeLessThanOrEqual(40);
});
