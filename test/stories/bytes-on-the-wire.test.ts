import { readFileSync } from "node:fs";
import { expect, it, vi } from "vitest";
import type { Randomness } from "../../src/base/randomness.ts";
import { connect as connectOverTcp } from "../../src/transport/connect.ts";
import type { Connect } from "../../src/transport/link.ts";
import { committedRecordings, recordedVersions } from "../transcripts/data.ts";
import probeRecordings from "../wire/probe-recordings.json" with { type: "json" };
import { Camera } from "./camera.ts";

/** A camera that is not random: its name is thermal-camera-AAAAAA, its token 32 times A. */
const zeros: Randomness = { bytes: (count) => new Uint8Array(count), fraction: () => 0 };
const name = "thermal-camera-AAAAAA";
const token = "A".repeat(32);

/** An MQTT packet in hexadecimal: type and flags, remaining length, body. */
function packet(first: number, ...parts: readonly (string | Uint8Array)[]): string {
  const body = Buffer.concat(parts.map((part) => (typeof part === "string" ? Buffer.from(part, "hex") : part)));
  const length = body.length < 128 ? [body.length] : [(body.length % 128) | 0x80, Math.floor(body.length / 128)];
  return Buffer.concat([Buffer.from([first, ...length]), body]).toString("hex");
}

function text(content: string): Uint8Array {
  const bytes = Buffer.from(content);
  return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 0xff]), bytes]);
}

const connect = "101700044d5154540482003c0000000970726f766973696f6e";
const subscription = packet(0x82, "0001", text("v2/a/j"), "01");

function attributeRequest(requestId: number, packetId: number): string {
  const topic = text(`v2/a/req/j/${requestId}`);
  return packet(0x32, topic, `000${packetId}`, Buffer.from('{"sharedKeys":"deviceId"}'));
}

it("the bytes of one provisioning are those of docs/wire.md, which real servers accept", async () => {
  await using camera = await Camera.start();
  await camera.run({ randomness: zeros });
  const onConnection = (connection: number) =>
    camera.simulator.heard.filter((exchange) => exchange.from === "client" && exchange.connection === connection);
  const hex = (connection: number) => onConnection(connection).map(({ bytes }) => Buffer.from(bytes).toString("hex"));
  const body = `{"deviceName":"${name}","deviceType":"thermal-camera","provisionDeviceKey":"storyProvisionKey012","provisionDeviceSecret":"storyProvisionSecret","credentialsType":"ACCESS_TOKEN","token":"${token}"}`;
  expect(hex(1)).toEqual([
    connect,
    packet(0x32, text("/provision/request"), "0001", Buffer.from(body)),
    // The answer is acknowledged, and the session ended.
    "40020001",
    "e000",
  ]);
  expect(hex(2).slice(0, 3)).toEqual([
    packet(0x10, "00044d5154540482003c0000", text(token)),
    subscription,
    attributeRequest(1, 2),
  ]);
  await vi.waitFor(() => expect(hex(2).at(-1)).toBe("e000"));
  const page = readFileSync("docs/wire.md", "utf8").replaceAll("\n", "");
  for (const bytes of [...hex(1), ...hex(2).slice(0, 3)]) expect(page).toContain(bytes);
});

it("each connection begins with everything in one write", async () => {
  await using camera = await Camera.start();
  const writes: string[][] = [];
  const listening: Connect = async (endpoint, signal) => {
    const link = await connectOverTcp(endpoint, signal);
    const written: string[] = [];
    writes.push(written);
    return {
      ...link,
      write: (bytes) => {
        written.push(Buffer.from(bytes).toString("hex"));
        link.write(bytes);
      },
    };
  };
  await camera.run({ randomness: zeros, connect: listening });
  expect(writes[0]?.[0]).toMatch(new RegExp(`^${connect}32`));
  expect(writes[1]?.[0]).toContain(`${subscription}${attributeRequest(1, 2)}`);
});

it.each(recordedVersions())("a real server of version %s took the same packets", (version) => {
  const taken = new Set(
    committedRecordings(version).flatMap((recording) =>
      "packets" in recording ? recording.packets.flatMap(([way, , , , bytes]) => (way === ">" ? [bytes] : [])) : [],
    ),
  );
  for (const bytes of [connect, "e000"]) expect(taken).toContain(bytes);
});

it("real servers took the flight of the proof, behind the CONNECT, for every kind of profile", () => {
  for (const { packets } of probeRecordings) {
    expect(packets.slice(1, 3)).toEqual([`> ${subscription}`, `> ${attributeRequest(1, 2)}`]);
  }
});
