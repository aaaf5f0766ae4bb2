import { getEventListeners } from "node:events";
import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { deadline, Expired } from "../../src/base/clock.ts";
import { seconds } from "../../src/base/duration.ts";
import { ProvisioningError } from "../../src/model/errors.ts";
import { connectPacket, MqttSession } from "../../src/transport/mqtt-session.ts";
import { FakeClock, settle } from "../base/fake-clock.ts";
import { connack, linkPair, pingresp, puback, publish } from "./server-end.ts";

const never = new AbortController().signal;
const progress = { heard: "the server accepted everything", awaited: "a wonder" };

function session() {
  const pair = linkPair();
  const clock = new FakeClock();
  return { ...pair, clock, session: new MqttSession(pair.link, clock) };
}

describe("an MQTT session", () => {
  it("says CONNECT to the byte: 3.1.1, clean session, keep-alive 60, no client id", async () => {
    const { session: mqtt, server } = session();
    mqtt.send(connectPacket({ clientId: "", userName: "provision" }));
    expect(await server.heard()).toBe("1017 0004 4d515454 04 82 003c 0000 0009 70726f766973696f6e".replaceAll(" ", ""));
  });

  it("puts packets together that arrive byte by byte", async () => {
    const { session: mqtt, server } = session();
    const reading = mqtt.receive(never, progress);
    for (const byte of publish("a/b", "{}", 258).match(/../g) ?? []) {
      server.say(byte);
      await settle();
    }
    expect(await reading).toMatchObject({ type: "publish", topic: "a/b", packetId: 258 });
  });

  it("sets one timer for a packet, in however many pieces it arrives", async () => {
    const { clock, link, server } = session();
    const sleeps = vi.spyOn(clock, "sleep");
    const reading = new MqttSession(link, clock).receive(never, progress);
    for (const byte of publish("a/b", "a text that is long enough").match(/../g) ?? []) {
      server.say(byte);
      await settle();
    }
    await reading;
    expect(sleeps).toHaveBeenCalledTimes(1);
  });

  it("sets one timer for all packets that arrive together: a flood of small ones costs no more than their bytes", async () => {
    const { clock, link, server } = session();
    const sleeps = vi.spyOn(clock, "sleep");
    const mqtt = new MqttSession(link, clock);
    server.say(publish("a", "{}").repeat(100));
    for (let count = 0; count < 100; count++) await mqtt.receive(never, progress);
    expect(sleeps).toHaveBeenCalledTimes(1);
  });

  it("takes packets apart that arrive together, in their order", async () => {
    const { session: mqtt, server } = session();
    server.say(connack() + puback + publish("a", "1") + pingresp);
    const kinds: string[] = [];
    for (let count = 0; count < 4; count++) kinds.push((await mqtt.receive(never, progress)).type);
    expect(kinds).toEqual(["connack", "puback", "publish", "pingresp"]);
  });

  it("says what came before the end first, then that the server closed, and before what", async () => {
    const { session: mqtt, server } = session();
    server.say(`${connack()} 3010`);
    server.end();
    expect(await mqtt.receiveConnack(never)).toBe(0);
    await expect(mqtt.receive(never, progress)).rejects.toMatchObject({
      errorCode: "CONNECTION_LOST",
      message: "the server accepted everything, and closed from the other side before a wonder came",
    });
  });

  it("gives the CONNACK's code, and demands it as the first packet", async () => {
    const one = session();
    one.server.say(connack(5));
    expect(await one.session.receiveConnack(never)).toBe(5);
    const other = session();
    other.server.say(puback);
    await expect(other.session.receiveConnack(never)).rejects.toMatchObject({
      errorCode: "NOT_MQTT",
      message: "the server sent PUBACK instead of an answer to the login",
    });
  });

  for (const [what, hex] of Object.entries({
    "an HTTP answer": Buffer.from("HTTP/1.1 400 Bad Request\r\n\r\n").toString("hex"),
    "a TLS alert": "1503030002022f",
    "an SSH greeting": Buffer.from("SSH-2.0-OpenSSH_9.6\r\n").toString("hex"),
    zeros: "00000000",
    "a length of five bytes": "30ffffffffff",
  })) {
    it(`knows ${what} for no MQTT, after the packets before it`, async () => {
      const { session: mqtt, server } = session();
      server.say(connack() + hex);
      expect(await mqtt.receiveConnack(never)).toBe(0);
      await expect(mqtt.receive(never, progress)).rejects.toMatchObject({ errorCode: "NOT_MQTT" });
      server.say(puback);
      await expect(mqtt.receive(never, progress)).rejects.toMatchObject({ errorCode: "NOT_MQTT" });
    });
  }

  it("cuts off after 256 KiB, in one packet or in many, and reads no further", async () => {
    const many = session();
    const filler = Buffer.from(publish("x", "y".repeat(1000)), "hex");
    for (let count = 0; count < 1000; count++) many.server.stream.write(filler);
    const hearing = async () => {
      for (;;) await many.session.receive(never, progress);
    };
    await expect(hearing()).rejects.toMatchObject({ errorCode: "TOO_MUCH_DATA" });
    await settle();
    expect(many.server.stream.writableLength).toBeGreaterThan(500_000);
    const one = session();
    one.server.say("30 ffffff7f 0001 78");
    one.server.stream.write(Buffer.alloc(1_000_000));
    await expect(one.session.receive(never, progress)).rejects.toMatchObject({ errorCode: "TOO_MUCH_DATA" });
  });

  it("ends whatever arrives, and however it is cut, in packets or in one of its own errors", async () => {
    const bytes = fc.uint8Array({ maxLength: 60 });
    const packet = fc.constantFrom(connack(), puback, pingresp, publish("t", "p"), publish("t", "p", 7), "1500", "30");
    const known = packet.map((hex) => new Uint8Array(Buffer.from(hex.replaceAll(" ", ""), "hex")));
    const chunks = fc.array(fc.oneof(bytes, known), { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(chunks, async (arriving) => {
        const { session: mqtt, server } = session();
        for (const chunk of arriving) server.stream.write(chunk);
        server.end();
        const error = await hearOut(mqtt);
        expect(ProvisioningError.is(error) && error.errorCode).toMatch(
          /^(NOT_MQTT|TLS_EXPECTED|NOTHING_HEARD|CONNECTION_LOST)$/,
        );
      }),
      { numRuns: 300 },
    );
  });

  it("says DISCONNECT and ends the connection", async () => {
    const { session: mqtt, server, client } = session();
    mqtt.close();
    expect(await server.heard()).toBe("e000");
    expect(server.ended).toBe(true);
    expect(client.destroyed).toBe(true);
  });
});

describe("the time of an MQTT session", () => {
  it("ends with NO_ANSWER, which says what did not come, and with a reason of its own otherwise", async () => {
    const { session: mqtt, clock } = session();
    using limit = deadline(clock, seconds(5));
    const reading = mqtt.receive(limit.signal, progress);
    const rejected = expect(reading).rejects.toMatchObject({
      errorCode: "NO_ANSWER",
      message: "the server accepted everything, but a wonder did not come in time",
    });
    await clock.advance(seconds(5));
    await rejected;
    await expect(mqtt.receive(AbortSignal.abort(new Expired("late")), progress)).rejects.toMatchObject({
      errorCode: "NO_ANSWER",
    });
    const reason = new Error("stopped");
    await expect(mqtt.receive(AbortSignal.abort(reason), progress)).rejects.toBe(reason);
  });

  it("keeps the promise of CONNECT: never silent for 60 s [MQTT-3.1.2-23]", async () => {
    const { session: mqtt, server, clock } = session();
    mqtt.send(connectPacket({ clientId: "", userName: "t" }));
    await server.heard();
    using limit = deadline(clock, seconds(300));
    const reading = mqtt.receive(limit.signal, progress);
    const rejected = expect(reading).rejects.toMatchObject({ errorCode: "NO_ANSWER" });
    await clock.advance(seconds(44));
    expect(await server.heard()).toBe("");
    const pings: number[] = [];
    for (let second = 45; second <= 300; second++) {
      await clock.advance(seconds(1));
      if ((await server.heard()) === "c000") pings.push(second);
    }
    expect(pings).toEqual([45, 90, 135, 180, 225, 270]);
    await rejected;
    expect(clock.sleepers).toBe(0);
  });

  it("counts from what it sent last, not from what it heard", async () => {
    const { session: mqtt, server, clock } = session();
    mqtt.send(connectPacket({ clientId: "", userName: "t" }));
    await clock.advance(seconds(30));
    server.say(connack());
    await mqtt.receiveConnack(never);
    await server.heard();
    const reading = mqtt.receive(never, progress);
    await clock.advance(seconds(14));
    expect(await server.heard()).toBe("");
    await clock.advance(seconds(1));
    expect(await server.heard()).toBe("c000");
    server.say(pingresp);
    expect(await reading).toMatchObject({ type: "pingresp" });
    expect(clock.sleepers).toBe(0);
  });

  it("leaves neither timer nor listener behind", async () => {
    const { session: mqtt, server, clock } = session();
    const controller = new AbortController();
    for (let count = 0; count < 3; count++) {
      const reading = mqtt.receive(controller.signal, progress);
      await settle();
      server.say(pingresp);
      await reading;
    }
    expect(clock.sleepers).toBe(0);
    expect(getEventListeners(controller.signal, "abort")).toEqual([]);
  });
});

/** Receives until it fails. */
async function hearOut(mqtt: MqttSession): Promise<unknown> {
  try {
    for (;;) await mqtt.receive(never, progress);
  } catch (error) {
    return error;
  }
}
