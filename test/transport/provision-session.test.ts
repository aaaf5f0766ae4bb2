import { getEventListeners } from "node:events";
import type { Duplex } from "node:stream";
import { describe, expect, it } from "vitest";
import { deadline } from "../../src/base/clock.ts";
import { seconds } from "../../src/base/duration.ts";
import { ask } from "../../src/transport/provision-session.ts";
import { FakeClock, settle } from "../base/fake-clock.ts";
import { connack, linkPair, pingresp, puback, publish, type ServerEnd } from "./server-end.ts";

const answerTopic = "/provision/response";
const answer = publish(answerTopic, '{"status":"NOT_FOUND"}');
const question = {
  login: { clientId: "", userName: "provision" },
  topic: "/provision/request",
  payload: new TextEncoder().encode("{}"),
  answerTopic,
};

function asking(signal?: AbortSignal) {
  const pair = linkPair();
  const clock = new FakeClock();
  const limit = deadline(clock, seconds(30), signal);
  let sent = 0;
  const answered = ask(pair.link, question, clock, limit.signal, () => {
    sent++;
  }).finally(() => limit[Symbol.dispose]());
  return { ...pair, clock, answered, sent: () => sent };
}

describe("asking in a provisioning session", () => {
  it("sends CONNECT and PUBLISH in one flight before anything is heard, and says so once", async () => {
    const { server, answered, sent } = asking();
    const flights: number[] = [];
    server.stream.on("data", (chunk: Uint8Array) => flights.push(chunk.byteLength));
    expect(await server.heard()).toBe(
      [
        "1017 0004 4d515454 04 82 003c 0000 0009 70726f766973696f6e",
        "3218 0012 2f70726f766973696f6e2f72657175657374 0001 7b7d",
      ]
        .join("")
        .replaceAll(" ", ""),
    );
    expect(flights).toEqual([51]);
    expect(sent()).toBe(1);
    server.say(connack() + puback + answer);
    expect(Buffer.from(await answered).toString()).toBe('{"status":"NOT_FOUND"}');
    expect(sent()).toBe(1);
  });

  it("acknowledges an answer of quality 1, says DISCONNECT, and closes", async () => {
    const { server, client, answered } = asking();
    await server.heard();
    server.say(connack() + puback + publish(answerTopic, "{}", 9));
    await answered;
    expect(await server.heard()).toBe("40020009e000");
    expect(server.ended).toBe(true);
    expect(client.destroyed).toBe(true);
  });

  it("acknowledges no answer of quality 0", async () => {
    const { server, answered } = asking();
    await server.heard();
    server.say(connack() + puback + answer);
    await answered;
    expect(await server.heard()).toBe("e000");
  });

  it("takes the answer before the acknowledgement, and after whatever else is said", async () => {
    const early = asking();
    early.server.say(connack() + answer + puback);
    expect(await early.answered).toHaveLength(22);
    const late = asking();
    const noise = publish("v1/devices/me/attributes", '{"a":1}') + pingresp + publish("/provision/request", "{}");
    late.server.say(connack() + noise + puback + puback + noise + answer);
    expect(await late.answered).toHaveLength(22);
  });

  const endings: Record<string, [(server: ServerEnd, client: Duplex) => void, string, string]> = {
    "closed at once": [
      (server) => server.end(),
      "NOTHING_HEARD",
      "the connection was opened, and closed from the other side without one byte",
    ],
    "closed within the CONNACK": [
      (server) => {
        server.say("200200");
        server.end();
      },
      "CONNECTION_LOST",
      "the connection was opened, and closed from the other side before an answer to the login came",
    ],
    "closed after the CONNACK": [
      (server) => {
        server.say(connack());
        server.end();
      },
      "CONNECTION_LOST",
      "the provisioning session was accepted, and closed from the other side before the answer came",
    ],
    "closed after the PUBACK": [
      (server) => {
        server.say(connack() + puback);
        server.end();
      },
      "CONNECTION_LOST",
      "the request was acknowledged, and closed from the other side before the answer came",
    ],
    "closed within the answer": [
      (server) => {
        server.say(connack() + puback + answer.slice(0, 40));
        server.end();
      },
      "CONNECTION_LOST",
      "the request was acknowledged, and closed from the other side before the answer came",
    ],
    reset: [
      (_server, client) => void client.destroy(new Error("read ECONNRESET")),
      "NOTHING_HEARD",
      "the connection was opened, and closed from the other side without one byte",
    ],
    "a session that is refused": [
      (server) => server.say(connack(3)),
      "SESSION_REFUSED",
      "the provisioning session was refused (code 3, server unavailable)",
    ],
    "another packet instead of the CONNACK": [
      (server) => server.say(answer),
      "NOT_MQTT",
      "the server sent PUBLISH instead of an answer to the login",
    ],
    "a web server": [
      (server) => server.say(Buffer.from("HTTP/1.0 400 Bad Request\r\n\r\n").toString("hex")),
      "NOT_MQTT",
      "what answers there is a web server (HTTP), not MQTT",
    ],
    "a TLS server": [
      (server) => server.say("1503030002022f"),
      "TLS_EXPECTED",
      "the port speaks TLS, and plain text was asked for",
    ],
    zeros: [(server) => server.say("00000000"), "NOT_MQTT", "the server's bytes are not MQTT"],
    "a broker with passwords": [
      (server) => server.say(connack(5)),
      "NOT_THINGSBOARD",
      "an MQTT broker answered that is not ThingsBoard: the provisioning session was refused (code 5, not authorised)",
    ],
    "a flood": [
      (server) => void server.stream.write(Buffer.concat([Buffer.from("20020000", "hex"), flood])),
      "TOO_MUCH_DATA",
      "the server sent more than 262144 bytes; cut off",
    ],
  };
  const flood = Buffer.concat(Array.from({ length: 200_000 }, () => Buffer.from("d000", "hex")));

  for (const [name, [act, errorCode, message]] of Object.entries(endings)) {
    it(`ends in ${errorCode} on ${name}, and closes`, async () => {
      const { server, client, clock, answered } = asking();
      const rejected = expect(answered).rejects.toMatchObject({ errorCode, message });
      await settle();
      act(server, client);
      await rejected;
      await settle();
      expect(client.destroyed).toBe(true);
      expect(clock.sleepers).toBe(0);
    });
  }

  const silences: Record<string, [string, string]> = {
    "the connection was opened, but an answer to the login did not come in time": ["", "nothing"],
    "the provisioning session was accepted, but the answer did not come in time": [connack(), "CONNACK"],
    "the request was acknowledged, but the answer did not come in time": [connack() + puback, "PUBACK"],
  };
  for (const [message, [said, last]] of Object.entries(silences)) {
    it(`ends in NO_ANSWER when ${last} was the last word`, async () => {
      const { server, client, clock, answered } = asking();
      const rejected = expect(answered).rejects.toMatchObject({ errorCode: "NO_ANSWER", message });
      server.say(said);
      await clock.advance(seconds(30));
      await rejected;
      await settle();
      expect(client.destroyed).toBe(true);
      expect(clock.sleepers).toBe(0);
    });
  }

  it("ends with the reason of the one who stops it, and leaves nothing behind", async () => {
    const controller = new AbortController();
    const { client, clock, answered } = asking(controller.signal);
    const reason = new Error("stopped");
    const rejected = expect(answered).rejects.toBe(reason);
    await settle();
    controller.abort(reason);
    await rejected;
    await settle();
    expect(client.destroyed).toBe(true);
    expect(clock.sleepers).toBe(0);
    expect(getEventListeners(controller.signal, "abort")).toEqual([]);
  });
});
