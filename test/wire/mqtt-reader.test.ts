import fc from "fast-check";
import mqtt from "mqtt-packet";
import { afterEach, describe, expect, it, vi } from "vitest";
import { Malformed, PacketReader, type ServerPacket } from "../../src/wire/mqtt-reader.ts";

afterEach(() => vi.restoreAllMocks());

/** All packets that a reader makes of the pieces, and what ended it. */
function read(pieces: readonly Uint8Array[]): { packets: ServerPacket[]; error: unknown } {
  const reader = new PacketReader();
  const packets: ServerPacket[] = [];
  try {
    for (const piece of pieces) for (const packet of reader.take(piece)) packets.push(packet);
  } catch (error) {
    return { packets, error };
  }
  return { packets, error: undefined };
}

const bytesOf = (hex: string) => Buffer.from(hex.replaceAll(" ", ""), "hex");

/** The bytes, cut again and again after so many. */
function cut(bytes: Uint8Array, cuts: readonly number[]): readonly Uint8Array[] {
  const pieces: Uint8Array[] = [];
  for (let [from, turn] = [0, 0]; from < bytes.length; turn++) {
    const to = from + (cuts[turn % cuts.length] ?? 1);
    pieces.push(bytes.subarray(from, to));
    from = to;
  }
  return pieces;
}

/** A PUBLISH without a packet identifier, with a body of that many bytes. */
function publish(length: number): Uint8Array {
  const digits: number[] = [];
  let rest = length;
  for (; rest > 127; rest = Math.floor(rest / 128)) digits.push(128 | (rest % 128));
  return Buffer.concat([Uint8Array.of(0x30, ...digits, rest, 0, 0), new Uint8Array(length - 2).fill(7)]);
}

describe("the packets of a server, from their bytes", () => {
  it.each<readonly [string, ServerPacket]>([
    ["2002 00 00", { type: "connack", returnCode: 0 }],
    ["2002 01 05", { type: "connack", returnCode: 5 }],
    ["2003 00 84 00", { type: "connack", returnCode: 132 }],
    ["4002 0001", { type: "puback" }],
    ["9003 0001 01", { type: "suback" }],
    ["d000", { type: "pingresp" }],
    ["e000", { type: "disconnect" }],
    // Of MQTT 5, as ThingsBoard's sends it behind a refusal.
    ["e002 8600", { type: "disconnect" }],
    ["3005 0001 61 7b7d", { type: "publish", topic: "a", payload: bytesOf("7b7d"), packetId: undefined }],
    ["3207 0001 61 0102 7b7d", { type: "publish", topic: "a", payload: bytesOf("7b7d"), packetId: 258 }],
    ["3407 0001 61 0102 7b7d", { type: "publish", topic: "a", payload: bytesOf("7b7d"), packetId: undefined }],
    ["3b05 0001 61 0102", { type: "publish", topic: "a", payload: bytesOf(""), packetId: 258 }],
  ])("%s is read as the standard has it", (hex, packet) => {
    expect(read([bytesOf(hex)])).toEqual({ packets: [packet], error: undefined });
  });

  it.each([
    ["no packet is of type 0", "0000"],
    ["no packet is of type 15", "f000"],
    ["a flag that is reserved", "2102 0000"],
    ["a SUBSCRIBE without its flag", "8000"],
    ["a QoS of 3", "3600"],
    ["a length of five bytes", "30 ffffffff 01"],
    ["a CONNACK that is too short", "2001 00"],
    ["a CONNACK with a reserved flag", "2002 0200"],
    ["a PUBLISH without a topic", "3001 00"],
    ["a PUBLISH whose topic is longer than itself", "3003 0002 61"],
    ["a PUBLISH of QoS 1 without a packet identifier", "3203 0001 61"],
  ])("%s: %s is malformed, and said so as soon as it is seen", (_, hex) => {
    const { packets, error } = read([bytesOf("d000"), bytesOf(hex)]);
    expect(error).toBeInstanceOf(Malformed);
    expect(packets).toEqual([{ type: "pingresp" }]);
  });

  it("are the same wherever the bytes are cut, whatever the bytes are", () => {
    const kinds = fc.constantFrom(0x20, 0x30, 0x32, 0x40, 0x90, 0xd0, 0x00, 0x36);
    const one = fc.tuple(kinds, fc.uint8Array({ maxLength: 40 }));
    const packets = fc.array(one).map((all) => all.flatMap(([kind, body]) => [kind, body.length, ...body]));
    const bytes = fc.oneof(packets, fc.array(fc.nat(255), { maxLength: 60 }));
    const cuts = fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1 });
    fc.assert(
      fc.property(bytes, cuts, (all, cuts) => {
        const whole = read([Uint8Array.from(all)]);
        expect(read(cut(Uint8Array.from(all), cuts))).toEqual(whole);
        if (whole.error !== undefined) expect(whole.error).toBeInstanceOf(Malformed);
      }),
      { numRuns: 1000 },
    );
  });

  it("are those of mqtt-packet, which the simulator writes with", () => {
    const id = fc.integer({ min: 1, max: 65_535 });
    const published = fc.record({
      topic: fc.string({ unit: "binary", minLength: 1, maxLength: 200 }),
      payload: fc.uint8Array({ maxLength: 300 }),
      id,
      qos: fc.constantFrom(0, 1, 2),
    });
    fc.assert(
      fc.property(published, fc.nat(255), ({ topic, payload, id, qos }, returnCode) => {
        const bytes = Buffer.concat([
          mqtt.generate({ cmd: "connack", returnCode, sessionPresent: false }),
          mqtt.generate({
            ...{ cmd: "publish", topic, payload: Buffer.from(payload), dup: false, retain: false },
            ...(qos === 0 ? { qos } : { qos: qos === 1 ? 1 : 2, messageId: id }),
          }),
        ]);
        const packetId = qos === 1 ? id : undefined;
        const told = Buffer.from(topic, "utf8").toString("utf8");
        expect(read([bytes])).toEqual({
          packets: [
            { type: "connack", returnCode },
            { type: "publish", topic: told, payload: Buffer.from(payload), packetId },
          ],
          error: undefined,
        });
      }),
    );
  });

  it("are copied three times at most, when one of 250,000 bytes comes byte by byte", () => {
    const bytes = publish(250_000);
    const copied = vi.spyOn(Uint8Array.prototype, "set");
    const { packets } = read(cut(bytes, [1]));
    const counts = copied.mock.calls.map(([from]) => from.length);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBeLessThan(3 * 250_000);
    expect(packets).toHaveLength(1);
  });

  it("take no memory for what a header only promises", () => {
    const before = process.memoryUsage().arrayBuffers;
    const reader = new PacketReader();
    expect([...reader.take(bytesOf("30 ffffff7f 01"))]).toEqual([]);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1024 * 1024);
  });
});
