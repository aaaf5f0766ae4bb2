import type { Exchange } from "../../../src/simulator/index.ts";
import { isObject, parse } from "./folder.ts";

/** A request as the server heard it. */
export interface Asked {
  readonly name: string;
  readonly token: string;
  readonly payload: string;
}

/** All requests, in order. */
export function askedIn(heard: readonly Exchange[]): readonly Asked[] {
  return requestsIn(heard).map((payload) => {
    const request = parse(payload);
    const text = (key: string) => (isObject(request) ? String(request[key] ?? "") : "");
    return { name: text("deviceName"), token: text("token"), payload };
  });
}

/** The payloads of all requests, in order. */
export function requestsIn(heard: readonly Exchange[]): readonly string[] {
  return heard.flatMap(({ from, topic, payload }) =>
    from === "client" && topic === "/provision/request" && payload !== undefined ? [payload] : [],
  );
}

/** Whether the server let somebody in with this token, and answered there as only ThingsBoard does. */
export function isProved(token: string, heard: readonly Exchange[]): boolean {
  const connections = heard
    .filter(
      ({ from, packet, bytes }) => from === "client" && packet === "CONNECT" && Buffer.from(bytes).includes(token),
    )
    .map(({ connection }) => connection);
  const answers = heard.filter(({ from, connection }) => from === "server" && connections.includes(connection));
  const accepted = answers.some(({ packet, bytes }) => packet === "CONNACK" && bytes[3] === 0);
  return (
    accepted &&
    answers.some(
      ({ topic }) => topic?.startsWith("v2/a/res/j/") || topic?.startsWith("v1/devices/me/attributes/response/"),
    )
  );
}
