import { expect, test } from "vitest";
import { milliseconds, seconds } from "../../../src/base/duration.ts";
import {
  accessToken,
  type DeviceProfile,
  defaultProfile,
  mqttBasic,
  type Simulator,
  x509Certificate,
} from "../../../src/simulator/index.ts";
import type { FakeClock } from "../../base/fake-clock.ts";
import { compact, recordingOf } from "../../transcripts/recording.ts";
import { replayAll } from "../../transcripts/replay.ts";
import { makeCertificate } from "../certificate.ts";
import { open, publish, request, requestBody, startSimulator, subscribe } from "../client.ts";

interface Play {
  readonly what: string;
  readonly profiles?: readonly DeviceProfile[];
  readonly before?: (simulator: Simulator) => void | Promise<void>;
  readonly play: (simulator: Simulator, clock: FakeClock) => Promise<void>;
}

const withoutChain = { ...defaultProfile, name: "no-chain" };
const { deviceIdAfter: _, ...creating } = withoutChain;
const claiming: DeviceProfile = {
  name: "hall",
  provisionType: "CHECK_PRE_PROVISIONED_DEVICES",
  provisionDeviceKey: "hallKey",
  provisionDeviceSecret: "hallSecret",
};
const ask = publish("v2/a/req/j/1", '{"sharedKeys":"deviceId"}', 1, 2);

const plays: readonly Play[] = [
  {
    what: "a provisioning without the id chain, and a login",
    profiles: [creating],
    async play(simulator, clock) {
      await provision(simulator, { token: "tok" });
      await clock.advance(milliseconds(100));
      const device = await open(simulator, { userName: "tok" });
      await device.send(subscribe("v2/a/j"), ask);
      await clock.advance(milliseconds(50));
      await device.leave();
    },
  },
  {
    what: "a provisioning with the id chain, and a login that asks for the id",
    profiles: [{ ...defaultProfile, deviceIdAfter: 40 }],
    async play(simulator, clock) {
      await provision(simulator, { token: "tok" });
      await clock.advance(milliseconds(10));
      const device = await open(simulator, { userName: "tok" });
      await device.send(subscribe("v2/a/j"), ask);
      await clock.advance(milliseconds(100));
      await device.send(publish("v2/a/req/j/2", "{}", 1, 3));
      await clock.advance(milliseconds(50));
      await device.leave();
    },
  },
  {
    what: "a known token with the id chain: {} first, then the push",
    before: (simulator) => {
      simulator.addDevice({ name: "known", credentials: accessToken("known") });
    },
    async play(simulator, clock) {
      const device = await open(simulator, { userName: "known" });
      await device.send(subscribe("v2/a/j"), ask);
      await clock.advance(milliseconds(50));
      await device.leave();
    },
  },
  {
    what: "a claim, and a device that is registered and left alone",
    profiles: [creating, claiming],
    before: (simulator) => {
      simulator.addDevice({ name: "cam-1", profile: "hall", credentials: accessToken("tok") });
      simulator.addDevice({ name: "cam-2", profile: "hall", credentials: accessToken("other") });
    },
    async play(simulator) {
      await provision(simulator, { provisionDeviceKey: "hallKey", provisionDeviceSecret: "hallSecret" });
      await provision(simulator, { provisionDeviceKey: "hallKey", provisionDeviceSecret: "hallSecret" });
    },
  },
  {
    what: "a name and a token that a registered device has already",
    before: (simulator) => {
      simulator.addDevice({ name: "cam-1", credentials: accessToken("taken") });
    },
    async play(simulator) {
      await provision(simulator, {});
      await provision(simulator, { deviceName: "cam-2", token: "taken" });
    },
  },
  {
    what: "MQTT_BASIC, provisioned beforehand, with a wrong password first",
    before: (simulator) => {
      simulator.addDevice({ name: "basic", credentials: mqttBasic({ userName: "u", password: "p" }) });
    },
    async play(simulator, clock) {
      for (const password of ["q", "p"]) {
        await (await open(simulator, { userName: "u", password, clientId: "c" })).leave();
        await clock.advance(milliseconds(20));
      }
    },
  },
  {
    what: "a session that the server ends after 60 s",
    async play(simulator, clock) {
      const client = await open(simulator);
      await client.send(
        request(
          requestBody({ credentialsType: "X509_CERTIFICATE", hash: makeCertificate({ commonName: "cam" }).cert }),
        ),
      );
      await clock.advance(seconds(61));
    },
  },
];

test.each(plays)("our own recording of $what replays the same", async ({ profiles, before, play }) => {
  const { simulator, clock } = await startSimulator(profiles === undefined ? {} : { profiles });
  await before?.(simulator);
  const recorder = simulator.record("Our own.");
  await play(simulator, clock);
  const transcript = recorder.stop();
  await simulator.close();
  const compacted = compact("our own", JSON.parse(JSON.stringify(transcript)));
  if ("other" in compacted) throw new Error("This is not a recording of packets.");
  const [result] = await replayAll([recordingOf(compacted)], []);
  expect([result?.differences, result?.packets]).toEqual([[], expect.any(Number)]);
  expect(result?.packets).toBeGreaterThan(0);
});

test("a recording that says nonsense of its server is told so", async () => {
  const { simulator } = await startSimulator();
  const recorder = simulator.record("Damaged.");
  simulator.addDevice({ name: "cam", credentials: x509Certificate("x") });
  const transcript = { ...recorder.stop(), server: { profiles: [{ name: "a" }], state: {} } };
  await simulator.close();
  const compacted = compact("damaged", JSON.parse(JSON.stringify(transcript)));
  if ("other" in compacted) throw new Error("This is not a recording of packets.");
  expect(() => recordingOf(compacted)).toThrow("what a recording says of its server cannot be read");
});

async function provision(simulator: Simulator, fields: Readonly<Record<string, unknown>>): Promise<void> {
  const client = await open(simulator);
  await client.send(request(requestBody(fields)));
  await client.leave();
}
