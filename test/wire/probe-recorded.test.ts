import { type Packet, parser } from "mqtt-packet";
import { expect, test } from "vitest";
import { decodeDeviceIdMessage } from "../../src/wire/device-id-attribute.ts";
import recordings from "./probe-recordings.json" with { type: "json" };

/** What real servers said to the probe's first flight, for each kind of profile, and after the attribute was set. */
test.each(recordings)("a server $server answers a device of the profile $profile in JSON", ({ packets }) => {
  const [connect, ...others] = packets.filter((packet) => packet.startsWith("> ")).map((packet) => packet.slice(2));
  expect(connect).toMatch(/^10..00044d5154540482003c0000/);
  // As docs/wire.md has them: SUBSCRIBE v2/a/j and PUBLISH v2/a/req/j/1 in one flight with CONNECT.
  expect(others.slice(0, 2)).toEqual([
    "820b0001000676322f612f6a01",
    "3229000c76322f612f7265712f6a2f3100027b227368617265644b657973223a226465766963654964227d",
  ]);
  const said = packets
    .filter((packet) => packet.startsWith("< "))
    .map((packet) => decoded(packet.slice(2)))
    .flatMap((packet) =>
      packet.cmd === "publish" ? [decodeDeviceIdMessage(packet.topic, Buffer.from(packet.payload))] : [],
    );
  const uuid = expect.stringMatching(/^[0-9a-f-]{36}$/);
  expect(said).toEqual([
    { isAnswer: true, deviceId: undefined },
    { isAnswer: false, deviceId: uuid },
  ]);
});

function decoded(hex: string): Packet {
  const packets: Packet[] = [];
  const reader = parser({ protocolVersion: 4 });
  reader.on("packet", (packet) => packets.push(packet));
  reader.parse(Buffer.from(hex, "hex"));
  const [packet] = packets;
  if (packet === undefined) throw new Error("no packet");
  return packet;
}
