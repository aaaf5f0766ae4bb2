import type { Exchange } from "../../../src/simulator/index.ts";
import { isObject, parse } from "./folder.ts";
import { type Login, loginOffered, logsIn } from "./login.ts";

/** A request as the server heard it. */
export interface Asked {
  readonly name: string;
  /** Undefined: it offers nothing. */
  readonly login: Login | undefined;
  readonly payload: string;
}

/** The certificate that was shown in the handshake of a connection, by its number; base64. */
export type Shown = ReadonlyMap<number, string>;

/** All requests, in order. */
export function askedIn(heard: readonly Exchange[]): readonly Asked[] {
  return requestsIn(heard).map((payload) => {
    const request = parse(payload);
    return {
      name: isObject(request) ? String(request["deviceName"] ?? "") : "",
      login: loginOffered(payload),
      payload,
    };
  });
}

/** The payloads of all requests, in order. */
export function requestsIn(heard: readonly Exchange[]): readonly string[] {
  return heard.flatMap(({ from, topic, payload }) =>
    from === "client" && topic === "/provision/request" && payload !== undefined ? [payload] : [],
  );
}

/** Whether the server let somebody in who logged in so, and answered there as only ThingsBoard does. */
export function isProved(login: Login, heard: readonly Exchange[], shown: Shown): boolean {
  const connections = heard
    .filter(
      ({ from, packet, bytes, connection }) =>
        from === "client" && packet === "CONNECT" && logsIn(login, bytes, shown.get(connection)),
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
