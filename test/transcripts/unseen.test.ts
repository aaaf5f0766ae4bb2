import { generate, type IConnectPacket } from "mqtt-packet";
import { describe, expect, test } from "vitest";
import { connack, type Level, puback, publish } from "../../src/simulator/mqtt/packets.ts";
import { committedRecordings } from "./data.ts";
import { disguised, otherKeys, withTexts } from "./disguise.ts";
import { contentOf, explained } from "./explained.ts";
import { factsOf } from "./facts.ts";
import { knowledgeOf } from "./knowledge.ts";
import { type Recording, recordingOf } from "./recording.ts";
import { replay, replayAll } from "./replay.ts";

/** Recordings that nobody made, but that the rules foretell: the set-up comes out of what a recording holds. */

function recordingsOf(version: string): Recording[] {
  return committedRecordings(version)
    .flatMap((one) => ("other" in one ? [] : [recordingOf(one)]))
    .filter((recording) => !(contentOf(recording) in explained));
}

async function differing(recordings: readonly Recording[]): Promise<unknown> {
  const results = await replayAll(recordings, []);
  return results
    .filter(({ differences }) => differences.length > 0)
    .map(({ name, differences }) => [name, ...differences]);
}

describe.each(["3.9.1", "4.0.2", "4.3.1.3"])("recordings of %s, made unrecognisable,", (version) => {
  test("are answered as before without name, title and notes", async () => {
    const nameless = recordingsOf(version).map((one, index) => ({ ...one, name: `${index}`, title: "", notes: [] }));
    expect(await differing(nameless)).toEqual([]);
  });

  test("are answered as before with other names, other tokens and the fields of requests in the opposite order", async () => {
    expect(await differing(recordingsOf(version).map(disguised))).toEqual([]);
  });

  test("are answered as before with other keys and secrets, which tell the device profiles", async () => {
    const others = recordingsOf(version).map((recording) => withTexts(recording, otherKeys));
    const results = await replayAll(others, recordingsOf(version));
    expect(results.flatMap(({ name, differences }) => differences.map((one) => `${name}: ${one}`))).toEqual([]);
  });
});

const allow = { provisionDeviceKey: "recAllowKey0123456789", provisionDeviceSecret: "recAllowSecret0123456" };
const pre = { provisionDeviceKey: "recPreKey01234567890", provisionDeviceSecret: "recPreSecret01234567" };
const failure = '{"errorMsg":"Failed to provision device!","status":"FAILURE"}';

interface Line {
  readonly at: number;
  readonly from: "client" | "server";
  readonly bytes: Uint8Array;
  readonly connection?: number;
}

describe("a recording that was not there before", () => {
  const knowledge = knowledgeOf(recordingsOf("4.3.1.3").map((one) => factsOf(one)));

  test.each([
    ["before CONNACK", [ask(1, { ...allow, deviceName: "new", token: "newToken" })]],
    ["after CONNACK", [answer(2, connack(4, false, 0)), ask(3, { ...allow, deviceName: "new", token: "newToken" })]],
  ])("may end with the client's reset after the request, %s: the device is created", async (_, lines) => {
    const recorded = made([connect(1), ...lines], [{ endedBy: "client", endedAt: 3.5 }], device("new", "newToken"));
    expect((await replay(recorded, knowledge)).differences).toEqual([]);
    const nobody = { device_name: "new", device_exists: false };
    expect((await replay({ ...recorded, effect: nobody }, knowledge)).differences).not.toEqual([]);
  });

  test("may hold a FAILURE for which a request gives no reason, and none for one that does", async () => {
    const refused = (deviceName: string) =>
      made(
        [connect(1), answer(2, connack(4, false, 0)), ask(3, { ...allow, deviceName }), ...answered(40, failure)],
        [{ endedBy: "client", endedAt: 50 }],
        { device_name: deviceName, device_exists: false },
      );
    expect((await replay(refused("one-too-many"), knowledge)).differences).toEqual([]);
    expect((await replay(refused("without a reason (?)"), knowledge)).differences).not.toEqual([]);
  });

  test.each([
    ["RecToken8", "ACCESS_TOKEN"],
    ["QUJDRA==", "X509_CERTIFICATE"],
    [{ clientId: null, userName: "u8", password: "p8" }, "MQTT_BASIC"],
  ])("tells by a claim alone that a device has %j", async (credentialsValue, credentialsType) => {
    const success = JSON.stringify({ credentialsValue, credentialsType, status: "SUCCESS" });
    const claim = ask(3, { ...pre, deviceName: " unheard-of " });
    const lines = [connect(1), answer(2, connack(4, false, 0)), claim, ...answered(40, success)];
    const recorded = made(lines, [{ endedBy: "client", endedAt: 50 }], null);
    expect((await replay(recorded, knowledge)).differences).toEqual([]);
  });

  test("may show a token that is refused, then let in, before the request is answered, or given up", async () => {
    const tries: Line[] = [
      { ...connect(10, "newToken"), connection: 2 },
      { ...answer(30, connack(4, false, 5)), connection: 2 },
      { ...connect(3000, "newToken"), connection: 3 },
      { ...answer(3025, connack(4, false, 0)), connection: 3 },
    ];
    const ends = [
      { endedBy: "server", endedAt: 31 },
      { endedBy: "client", endedAt: 3100 },
    ];
    const request = [
      connect(1),
      answer(2, connack(4, false, 0)),
      ask(3, { ...allow, deviceName: "new", token: "newToken" }),
    ];
    const success = '{"credentialsValue":"newToken","credentialsType":"ACCESS_TOKEN","status":"SUCCESS"}';
    const effect = device("new", "newToken");
    const late = made(
      [...request, ...tries, ...answered(8000, success)],
      [{ endedBy: "client", endedAt: 8100 }, ...ends],
      effect,
    );
    const given = answer(14_000, puback(4, 2));
    const never = made([...request, ...tries, given], [{ endedBy: "server", endedAt: 14_001 }, ...ends], effect);
    expect((await replay(late, knowledge)).differences).toEqual([]);
    expect((await replay(never, knowledge)).differences).toEqual([]);
  });

  test("may show a device that was claimed, freed by its tenant, and claimed again", async () => {
    const success = '{"credentialsValue":"RecToken8","credentialsType":"ACCESS_TOKEN","status":"SUCCESS"}';
    const lines = [0, 100].flatMap((from, index) => [
      { ...connect(from + 1), connection: index + 1 },
      { ...answer(from + 2, connack(4, false, 0)), connection: index + 1 },
      { ...ask(from + 3, { ...pre, deviceName: "freed" }), connection: index + 1 },
      ...answered(from + 40, success).map((line) => ({ ...line, connection: index + 1 })),
    ]);
    const ends = [50, 150].map((endedAt) => ({ endedBy: "client", endedAt }));
    expect((await replay(made(lines, ends, null), knowledge)).differences).toEqual([]);
  });

  test("may show that a request that was given up left nothing, and that a later one did", async () => {
    const fields = { ...allow, deviceName: "new", token: "newToken" };
    const success = '{"credentialsValue":"newToken","credentialsType":"ACCESS_TOKEN","status":"SUCCESS"}';
    const lines: Line[] = [
      ...[connect(1), answer(2, connack(4, false, 0)), ask(3, fields), answer(14_000, puback(4, 2))],
      ...[connect(20_000), answer(20_001, connack(4, false, 0)), ask(20_002, fields), ...answered(20_040, success)].map(
        (line) => ({ ...line, connection: 2 }),
      ),
    ];
    const ends = [
      { endedBy: "server", endedAt: 14_001 },
      { endedBy: "client", endedAt: 20_100 },
    ];
    expect((await replay(made(lines, ends, device("new", "newToken")), knowledge)).differences).toEqual([]);
  });

  test("may have requests of a tenant whose numbers go on from earlier ones", async () => {
    const topic = "v1/devices/me/rpc/request/7";
    const payload = Buffer.from('{"method":"reboot","params":{}}');
    const subscriptions = [{ topic: "v1/devices/me/rpc/request/+", qos: 1 as const }];
    const recorded = made(
      [
        connect(1, "RecDevTok"),
        answer(20, connack(4, false, 0)),
        { at: 30, from: "client", bytes: generate({ cmd: "subscribe", messageId: 1, subscriptions }) },
        answer(31, Buffer.from("9003000101", "hex")),
        answer(300, publish(4, { topic, payload, qos: 1, packetId: 1 })),
      ],
      [{ endedBy: "client", endedAt: 400 }],
      null,
    );
    expect((await replay(recorded, knowledge)).differences).toEqual([]);
  });

  test("may be of a client that never says a word", async () => {
    const silent = made([], [{ endedBy: "client", endedAt: null }], null);
    expect((await replay(silent, knowledge)).differences).toEqual([]);
  });

  test("shows by its code that a login over TLS came without a certificate", async () => {
    const lines = (code: number): Line[] => [connect(1, undefined, "camera"), answer(20, connack(4, false, code))];
    const recorded = (code: number) => made(lines(code), [{ tls: true, endedBy: "server", endedAt: 21 }], null);
    expect((await replay(recorded(2), knowledge)).differences).toEqual([]);
    expect((await replay(recorded(5), knowledge)).differences).toEqual([]);
  });
});

function connect(at: number, username: string | undefined = "provision", clientId = ""): Line {
  const names = username === "provision" && clientId !== "" ? {} : { username };
  const packet: IConnectPacket = { cmd: "connect", clientId, protocolId: "MQTT", protocolVersion: 4, ...names };
  return { at, from: "client", bytes: generate(packet) };
}

function ask(at: number, fields: Readonly<Record<string, unknown>>): Line {
  const payload = JSON.stringify(fields);
  const topic = "/provision/request";
  const bytes = generate({ cmd: "publish", topic, payload, qos: 1, messageId: 2, dup: false, retain: false });
  return { at, from: "client", bytes };
}

function answer(at: number, bytes: Uint8Array): Line {
  return { at, from: "server", bytes };
}

function answered(at: number, payload: string): Line[] {
  const response = publish(4, { topic: "/provision/response", payload: Buffer.from(payload), qos: 1, packetId: 1 });
  return [answer(at, puback(4, 2)), answer(at, response)];
}

function device(name: string, token: string) {
  const credentials = { credentials_type: "ACCESS_TOKEN", credentials_id: token, credentials_value: null };
  return { device_name: name, device_type: "rec-allow", provisionState: "provisioned", ...credentials };
}

function made(
  lines: readonly Line[],
  connections: readonly { readonly endedBy: string; readonly endedAt: number | null; readonly tls?: boolean }[],
  effect: unknown,
): Recording {
  const level: Level = 4;
  return {
    name: "",
    version: "4.3.1.3",
    title: "",
    strategy: "",
    packets: lines.map(({ at, from, bytes, connection = 1 }, segment) => {
      return { sent: from === "client", at, segment, connection, bytes: Buffer.from(bytes) };
    }),
    connections: connections.map((one, index) => ({ number: index + 1, tls: one.tls ?? false, level, ...one })),
    effect,
    notes: [],
  };
}
