import { describe, expect, test } from "vitest";
import { anotherOrder } from "./compare.ts";
import { committedRecordings, recordedVersions } from "./data.ts";
import { contentOf, explained, withoutPackets } from "./explained.ts";
import { factsOf } from "./facts.ts";
import { knowledgeOf } from "./knowledge.ts";
import { type Recording, recordingOf } from "./recording.ts";
import { replay, replayAll } from "./replay.ts";

function recordingsOf(version: string): Recording[] {
  return committedRecordings(version).flatMap((one) => ("other" in one ? [] : [recordingOf(one)]));
}

describe.each(recordedVersions())("the simulator of ThingsBoard %s", (version) => {
  test("answers every recording byte for byte, ends every connection and leaves every device as the server did", async () => {
    const results = await replayAll(recordingsOf(version), []);
    const differing = results.filter(({ differences, reason }) => differences.length > 0 && reason === undefined);
    expect(differing.map(({ name, differences }) => [name, ...differences])).toEqual([]);
    const stale = results.filter(({ differences, reason }) => differences.length === 0 && reason !== undefined);
    expect(stale.map(({ name }) => name)).toEqual([]);
    expect(results.length).toBeGreaterThan(220);
  });

  test("has a reason for every recording that is not played", () => {
    const others = committedRecordings(version).flatMap((one) => ("other" in one ? [one.case] : []));
    expect(others.toSorted()).toEqual(Object.keys(withoutPackets).toSorted());
  });
});

test("a reason belongs to what a recording holds, not to its name", () => {
  const all = recordedVersions().flatMap(recordingsOf);
  const reasoned = all.filter((recording) => contentOf(recording) in explained);
  expect(reasoned.map(({ version, name }) => `${version}/${name}`)).toEqual([
    "3.9.1/credentials-changed-while-connected",
  ]);
});

describe("the comparison", () => {
  const recordings = recordingsOf("4.3.1.3");
  const knowledge = knowledgeOf(recordings.map((one) => factsOf(one)));
  const pipelined = named("pipeline-provision");

  test("sees a byte that is not the same", async () => {
    const packets = pipelined.packets.map((packet) => {
      const bytes = Buffer.from(packet.bytes);
      if (!packet.sent) bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1);
      return { ...packet, bytes };
    });
    const { differences } = await replay({ ...pipelined, packets }, knowledge);
    expect(differences.length).toBeGreaterThanOrEqual(4);
  });

  test("explains attributes that come in another order, and no other difference with it", async () => {
    const attributes = named("attributes-request-unsubscribed");
    const answered = (body: string) => ({
      ...attributes,
      packets: attributes.packets.map((packet) => {
        const text = packet.bytes.toString("latin1").replace('{"shared":{"s":"text","j":{"x":1}}}', body);
        return packet.sent ? packet : { ...packet, bytes: Buffer.from(text, "latin1") };
      }),
    });
    const order = await replay(answered('{"shared":{"j":{"x":1},"s":"text"}}'), knowledge);
    expect([order.differences.length, order.reason]).toEqual([1, anotherOrder]);
    const value = await replay(answered('{"shared":{"j":{"x":2},"s":"text"}}'), knowledge);
    expect([value.differences.length > 0, value.reason]).toEqual([true, undefined]);
  });

  test("sees a packet that is missing", async () => {
    const packets = pipelined.packets.filter(({ sent, bytes }) => sent || bytes[0] !== 0x90);
    const { differences } = await replay({ ...pipelined, packets }, knowledge);
    expect(differences.join()).toContain("simulated SUBACK");
  });

  test("sees a connection that ends too late, and one that should not end", async () => {
    const closing = named("time-close-after-success");
    const late = closing.connections.map((connection) => ({ ...connection, endedAt: 70_000 }));
    expect((await replay({ ...closing, connections: late }, knowledge)).differences.join()).toContain(
      "ended at 70000 ms",
    );
    const open = closing.connections.map((connection) => ({ ...connection, endedBy: "client" }));
    expect((await replay({ ...closing, connections: open }, knowledge)).differences.join()).toContain(
      "simulated server",
    );
  });

  test("sees a device with other credentials", async () => {
    const effect = {
      device_name: "cam-pipe",
      device_exists: true,
      credentials_type: "ACCESS_TOKEN",
      credentials_id: "x",
    };
    const { differences } = await replay({ ...pipelined, effect }, knowledge);
    expect(differences.join()).toContain('credentials_id "x", simulated "RecPipeTok"');
  });

  function named(name: string): Recording {
    const found = recordings.find((recording) => recording.name === name);
    if (found === undefined) throw new Error(`There is no recording ${name}.`);
    return found;
  }
});
