import { describe, expect, it } from "vitest";
import { deadline } from "../../src/base/clock.ts";
import { seconds } from "../../src/base/duration.ts";
import { DeviceSession } from "../../src/transport/device-session.ts";
import { FakeClock, settle } from "../base/fake-clock.ts";
import { connack, linkPair, pingresp, publish } from "./server-end.ts";

const never = new AbortController().signal;
const opening = {
  login: { clientId: "", userName: "token" },
  subscriptions: ["a", "b/+"],
  publish: { topic: "q/1", payload: new TextEncoder().encode("{}") },
};

function opened(signal = never) {
  const pair = linkPair();
  const clock = new FakeClock();
  return { ...pair, clock, session: DeviceSession.open(pair.link, opening, clock, signal) };
}

async function accepted() {
  const all = opened();
  all.server.say(connack());
  const session = await all.session;
  if (session === "refused") throw new Error("refused");
  await all.server.heard();
  return { ...all, session };
}

describe("opening a device's session", () => {
  it("sends CONNECT with the token, each SUBSCRIBE and the PUBLISH in one flight", async () => {
    const { server, session } = opened();
    const flights: number[] = [];
    server.stream.on("data", (chunk: Uint8Array) => flights.push(chunk.byteLength));
    expect(await server.heard()).toBe(
      [
        "1013 0004 4d515454 04 82 003c 0000 0005 746f6b656e",
        "8206 0001 0001 61 01",
        "8208 0002 0003 622f2b 01",
        "3209 0003 712f31 0003 7b7d",
      ]
        .join("")
        .replaceAll(" ", ""),
    );
    expect(flights).toEqual([21 + 8 + 10 + 11]);
    server.say(connack());
    expect(await session).toBeInstanceOf(DeviceSession);
  });

  for (const code of [2, 4, 5]) {
    it(`is refused by CONNACK code ${code}, and closes`, async () => {
      const { server, client, session } = opened();
      server.say(connack(code));
      expect(await session).toBe("refused");
      await settle();
      expect(client.destroyed).toBe(true);
    });
  }

  for (const code of [1, 3, 6, 255]) {
    it(`takes CONNACK code ${code} for "later", and closes`, async () => {
      const { server, client, session } = opened();
      server.say(connack(code));
      await expect(session).rejects.toMatchObject({
        errorCode: "SESSION_REFUSED",
        message: expect.stringMatching(
          new RegExp(`^the device's session was refused \\(code ${code}\\b.*\\), and not for its credentials$`),
        ),
      });
      await settle();
      expect(client.destroyed).toBe(true);
    });
  }

  it("says nothing about the credentials when the server closes, is silent, or speaks something else", async () => {
    const closing = opened();
    closing.server.end();
    await expect(closing.session).rejects.toMatchObject({ errorCode: "NOTHING_HEARD" });
    const other = opened();
    other.server.say(pingresp);
    await expect(other.session).rejects.toMatchObject({ errorCode: "NOT_MQTT" });
    const clock = new FakeClock();
    using limit = deadline(clock, seconds(3));
    const silent = opened(limit.signal);
    const rejected = expect(silent.session).rejects.toMatchObject({
      errorCode: "NO_ANSWER",
      message: "the connection was opened, but an answer to the login did not come in time",
    });
    await clock.advance(seconds(3));
    await rejected;
    await settle();
    for (const { client } of [closing, other, silent]) expect(client.destroyed).toBe(true);
    expect(silent.clock.sleepers).toBe(0);
  });
});

describe("a device's session", () => {
  it("gives the server's messages, acknowledges those of quality 1, and passes over everything else", async () => {
    const { server, session } = await accepted();
    server.say(`9003 0001 01 4002 0003 ${pingresp}${publish("t/0", "zero")}${publish("t/1", "one", 4660)}`);
    const first = await session.nextMessage(never);
    expect(first.topic).toBe("t/0");
    expect(await server.heard()).toBe("");
    const second = await session.nextMessage(never);
    expect([second.topic, Buffer.from(second.payload).toString()]).toEqual(["t/1", "one"]);
    expect(await server.heard()).toBe("40021234");
  });

  it("asks again with packet ids that go on", async () => {
    const { server, session } = await accepted();
    session.publish({ topic: "q/2", payload: new Uint8Array() });
    expect(await server.heard()).toBe("32070003712f320004");
    session.publish({ topic: "q/3", payload: new Uint8Array() });
    expect(await server.heard()).toBe("32070003712f330005");
  });

  it("says what was missing when the server ends it", async () => {
    const { server, session } = await accepted();
    server.end();
    await expect(session.nextMessage(never)).rejects.toMatchObject({
      errorCode: "CONNECTION_LOST",
      message:
        "the device's session was accepted, and closed from the other side before an answer to the attribute request came",
    });
  });

  it("says DISCONNECT when it is done with, once", async () => {
    const { server, client, session, clock } = await accepted();
    session[Symbol.dispose]();
    session[Symbol.dispose]();
    expect(await server.heard()).toBe("e000");
    expect(client.destroyed).toBe(true);
    expect(clock.sleepers).toBe(0);
  });
});
