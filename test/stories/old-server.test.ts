import type { Socket } from "node:net";
import { expect, it } from "vitest";
import { milliseconds } from "../../src/base/duration.ts";
import { connack, puback, publish } from "../transport/server-end.ts";
import { Camera } from "./camera.ts";
import { bytesOf, HostileServer, type Manners } from "./hostile-server.ts";

const token = "the-token-of-an-old-server";
const granted = publish("/provision/response", JSON.stringify({ status: "SUCCESS", credentialsValue: token }));
const onLongTopics = connack() + puback + publish("v1/devices/me/attributes/response/1", "{}");

/** A server from before the short topics; `afterAll` is what it does when a device asks there. */
function old(asked: string[], afterAll: (socket: Socket) => void): Manners {
  return (socket) => {
    socket.once("data", (bytes) => {
      if (String(bytes).includes("/provision/request")) return void socket.write(bytesOf(connack() + puback + granted));
      // Whoever only looks what answers here comes with a token that no device has.
      if (!/v1\/devices\/me\/attributes|v2\/a/.test(String(bytes))) return void socket.end(bytesOf(connack(5)));
      const isLong = String(bytes).includes("v1/devices/me/attributes/request/1");
      asked.push(isLong ? "long" : "short");
      socket.write(bytesOf(isLong ? onLongTopics : connack()), () => {
        if (!isLong) afterAll(socket);
      });
    });
  };
}

it.each([
  ["closes the session", 300, (socket: Socket) => socket.end()],
  ["says nothing", 25, () => {}],
] as const)(
  "a server that %s where a device asks on short topics is asked on the long ones the next time",
  async (_, timeout, afterAll) => {
    const asked: string[] = [];
    await using server = await HostileServer.start(old(asked, afterAll));
    await using camera = await Camera.start({}, {});
    camera.credentials({ server_port: server.port, timeout_seconds: timeout });
    expect(await camera.run({ deviceIdWithin: milliseconds(0) })).toMatchObject({ result: "provisioned" });
    expect(asked).toEqual(["short", "long"]);
  },
);
