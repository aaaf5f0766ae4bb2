import { connect } from "node:net";
import fc from "fast-check";
import { generate } from "mqtt-packet";
import { expect, test } from "vitest";
import { Simulator } from "../../../src/simulator/index.ts";
import { PacketReader } from "../../../src/simulator/mqtt/packet-reader.ts";
import { Client, open, connect as openingPacket, request, requestBody, startSimulator, withDevice } from "../client.ts";

const connectProvision = Buffer.from("101700044d5154540482003c0000000970726f766973696f6e", "hex");
const connectDevice = Buffer.from("101100044d5154540482003c00000003746f6b", "hex");

test("no bytes whatsoever make the server throw, and it serves the next client", async () => {
  await using server = await withDevice();
  const beginnings = [
    Buffer.alloc(0),
    connectProvision,
    connectDevice,
    Buffer.from("101400044d5154540582003c0000000003746f6b00", "hex"),
  ];
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...beginnings),
      fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 4 }),
      async (start, rest) => {
        const client = new Client(server.simulator.connect());
        await client.write(Buffer.concat([start, ...rest]));
        await client.leave();
      },
    ),
    { numRuns: 300 },
  );
  expect((await open(server.simulator, { userName: "tok" })).received).toEqual(["20020000"]);
});

test("PUBLISH with any topic and payload is survived in both kinds of session", async () => {
  await using server = await withDevice();
  const topics = [
    "v1/devices/me/telemetry",
    "v1/devices/me/attributes",
    "v1/devices/me/attributes/request/1",
    "v1/devices/me/rpc/request/1",
  ];
  const payload = fc.oneof(
    fc.json(),
    fc.string({ unit: "binary" }),
    fc.constantFrom('{"__proto__":{"a":1}}', "[[[", "{a:}"),
  );
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...topics, "/provision/request"), payload, async (topic, text) => {
      const userName = topic.startsWith("/") ? "provision" : "tok";
      const client = await open(server.simulator, { userName });
      await client.send({ cmd: "publish", topic, payload: text, qos: 1, messageId: 1, dup: false, retain: false });
      await client.leave();
    }),
    { numRuns: 300 },
  );
  expect(server.simulator.devices).toHaveLength(1);
});

test.each([
  {
    what: "HTTP",
    hex: Buffer.from("GET / HTTP/1.1\r\nhost: x\r\naccept: everything that there is, and more\r\n\r\n").toString("hex"),
  },
  { what: "a remaining length of five bytes", hex: "30ffffffffff01" },
  { what: "a length above 65536", hex: "30818004" },
  { what: "MQTT 3.1 without client id", hex: "100e00064d51497364700302003c0000" },
  { what: "a protocol level that there is not", hex: "100c00044d5154540602003c0000" },
  { what: "a bridge's protocol level", hex: "100c00044d5154548402003c0000" },
  { what: "the name of MQTT 3.1 with the level of 3.1.1", hex: "100e00064d51497364700402003c0000" },
  { what: "the reserved flag of CONNECT", hex: "100c00044d5154540403003c0000" },
])("$what ends the connection without a byte", async ({ hex }) => {
  const { simulator } = await startSimulator();
  const client = new Client(simulator.connect());
  await client.write(Buffer.from(hex, "hex"));
  expect([client.received, client.ended]).toEqual([[], true]);
  await simulator.close();
});

test.each([
  { what: "a topic with a wildcard", hex: "32080003612f2b00017b7d" },
  { what: "packet id 0", hex: "32070003612f6200007b" },
  { what: "SUBSCRIBE with packet id 0", hex: "8206000000016101" },
  { what: "PUBACK with packet id 0", hex: "40020000" },
  { what: "PINGREQ with something in it", hex: "c00100" },
])("$what ends the session; in MQTT 5 with 0x81", async ({ hex }) => {
  const { simulator } = await startSimulator();
  const client = await open(simulator);
  await client.write(Buffer.from(hex, "hex"));
  expect([client.received, client.ended]).toEqual([["20020000"], true]);
  const five = await open(simulator, { userName: "provision", level: 5 });
  await five.write(Buffer.from(hex, "hex"));
  expect([five.received[1], five.ended]).toEqual(["e0028100", true]);
  await simulator.close();
});

test.each([
  { what: "AUTH", hex: "f000" },
  { what: "PUBACK with an unknown reason", hex: "4003000177" },
  { what: "PUBREC", hex: "50020001" },
  { what: "PUBREL", hex: "62020001" },
  { what: "PINGRESP", hex: "d000" },
])("$what of a client is ignored in MQTT 5", async ({ hex }) => {
  const { simulator } = await startSimulator();
  const client = await open(simulator, { userName: "provision", level: 5 });
  await client.write(Buffer.from(`${hex}c000`, "hex"));
  expect(client.received.slice(1)).toEqual(["d000"]);
  await simulator.close();
});

test("a DISCONNECT of MQTT 5 may have any reason", async () => {
  const { simulator } = await startSimulator();
  const client = await open(simulator, { userName: "provision", level: 5 });
  await client.write(Buffer.from("e00186", "hex"));
  expect([client.received.slice(1), client.ended]).toEqual([["e000"], true]);
  await simulator.close();
});

test("flags that its type does not have end a connection at the first byte", async () => {
  const { simulator } = await startSimulator();
  const client = new Client(simulator.connect());
  await client.write(Buffer.from("G"));
  expect(client.ended).toBe(true);
  await simulator.close();
});

test("the reserved flag of CONNECT is allowed in MQTT 3.1 only", async () => {
  const { simulator } = await startSimulator();
  for (const [level, accepted] of [[3, true] as const, [4, false] as const]) {
    const bytes = generate(openingPacket({ level, userName: "provision" }));
    bytes.writeUInt8(bytes.readUInt8(level === 3 ? 11 : 9) | 1, level === 3 ? 11 : 9);
    const client = new Client(simulator.connect());
    await client.write(bytes);
    expect([client.received, client.ended]).toEqual(accepted ? [["20020000"], false] : [[], true]);
  }
  await simulator.close();
});

test("packets may come byte by byte, or many at once", async () => {
  const { simulator } = await startSimulator();
  const client = new Client(simulator.connect());
  for (const byte of connectProvision) await client.write(Buffer.from([byte]));
  await client.write(Buffer.from("c000c000c000", "hex"));
  expect(client.received).toEqual(["20020000", "d000", "d000", "d000"]);
  await simulator.close();
});

test("a reader holds no more than a packet, and reads nothing after a mistake", () => {
  const reader = new PacketReader();
  expect([...reader.read(Buffer.from("30", "hex"))]).toEqual([]);
  expect(reader.pending).toHaveLength(1);
  expect([...reader.read(Buffer.from("ffffffffff", "hex"))]).toHaveLength(1);
  expect([...reader.read(Buffer.from("c000", "hex"))]).toEqual([]);
});

test("a client that vanishes in the middle of a request is forgotten, and the request carried out", async () => {
  await using simulator = await Simulator.start();
  const created = new Promise<string>((resolve) => {
    simulator.on((event) => {
      if (event.type === "device created") resolve(event.device.name);
    });
  });
  const socket = connect(simulator.port, simulator.host, () => {
    socket.write(Buffer.concat([connectProvision, generate(request(requestBody()))]), () => socket.resetAndDestroy());
  });
  expect(await created).toBe("cam-1");
});
