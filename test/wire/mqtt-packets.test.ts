import fc from "fast-check";
import mqtt from "mqtt-packet";
import { describe, expect, it } from "vitest";
import { type ClientPacket, encodePackets } from "../../src/wire/mqtt-packets.ts";

const hex = (...packets: readonly ClientPacket[]) => Buffer.from(encodePackets(packets)).toString("hex");
const provision = { clientId: "", userName: "provision" };
const payload = Buffer.from("{}");

describe("the packets of the camera, to the byte", () => {
  it.each<readonly [ClientPacket, string]>([
    [
      { type: "connect", login: provision, keepAlive: 60 },
      "1017 0004 4d515454 04 82 003c 0000 0009 70726f766973696f6e",
    ],
    [{ type: "connect", login: { clientId: "" }, keepAlive: 60 }, "100c 0004 4d515454 04 02 003c 0000"],
    [
      { type: "connect", login: { clientId: "c", userName: "u", password: "ä" }, keepAlive: 300 },
      "1014 0004 4d515454 04 c2 012c 0001 63 0001 75 0002 c3a4",
    ],
    [
      { type: "connect", login: { clientId: "", password: "p" }, keepAlive: 60 },
      "100f 0004 4d515454 04 42 003c 0000 0001 70",
    ],
    [{ type: "publish", topic: "v1/a", payload, packetId: 1 }, "320a 0004 76312f61 0001 7b7d"],
    [{ type: "subscribe", topic: "v2/a/j", packetId: 258 }, "820b 0102 0006 76322f612f6a 01"],
    [{ type: "puback", packetId: 258 }, "4002 0102"],
    [{ type: "pingreq" }, "c000"],
    [{ type: "disconnect" }, "e000"],
  ])("%j is written as it stands in the standard", (packet, bytes) => {
    expect(hex(packet)).toBe(bytes.replaceAll(" ", ""));
  });

  it("stand one behind the other", () => {
    expect(hex({ type: "pingreq" }, { type: "disconnect" })).toBe("c000e000");
  });

  it.each([
    [127, "7f"],
    [128, "8001"],
    [16_383, "ff7f"],
    [16_384, "808001"],
  ])("tell a length of %i as %s", (length, digits) => {
    const bytes = hex({ type: "publish", topic: "a", payload: new Uint8Array(length - 5), packetId: 1 });
    expect(bytes.slice(0, 2 + digits.length)).toBe(`32${digits}`);
    expect(bytes.length / 2).toBe(1 + digits.length / 2 + length);
  });

  it("hold no text of more than 65,535 bytes", () => {
    const login = { clientId: "", userName: "a".repeat(65_536) };
    expect(() => encodePackets([{ type: "connect", login, keepAlive: 60 }])).toThrow(RangeError);
  });

  it("are those that mqtt-packet makes, whatever is in them", () => {
    const id = fc.integer({ min: 1, max: 65_535 });
    const texts = fc.string({ unit: "binary", minLength: 1, maxLength: 200 });
    const packets = fc.record({ texts: fc.tuple(texts, texts, texts), payload: fc.uint8Array({ maxLength: 300 }), id });
    fc.assert(
      fc.property(packets, ({ texts: [clientId, userName, password], payload, id }) => {
        const topic = `t/${id}`;
        const others = { protocolId: "MQTT", protocolVersion: 4, clean: true, keepalive: 60 } as const;
        const theirs = Buffer.concat([
          mqtt.generate({
            ...{ cmd: "connect", ...others, clientId, username: userName },
            password: Buffer.from(password, "utf8"),
          }),
          mqtt.generate({ cmd: "subscribe", messageId: id, subscriptions: [{ topic, qos: 1 }] }),
          mqtt.generate({
            ...{ cmd: "publish", topic, payload: Buffer.from(payload) },
            ...{ qos: 1, messageId: id, dup: false, retain: false },
          }),
          mqtt.generate({ cmd: "puback", messageId: id }),
        ]);
        const ours = hex(
          { type: "connect", login: { clientId, userName, password }, keepAlive: 60 },
          { type: "subscribe", topic, packetId: id },
          { type: "publish", topic, payload, packetId: id },
          { type: "puback", packetId: id },
        );
        expect(ours).toBe(theirs.toString("hex"));
      }),
    );
  });
});
