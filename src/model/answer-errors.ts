import type { ErrorKind } from "./error-kind.ts";

/** The errors of what answers, or does not: a part of the error table, which `docs/errors.md` and `thermal-provision explain` are made from. */
export const answerErrors = {
  CONNECTION_LOST: {
    type: "NETWORK",
    retryAfterSeconds: 10,
    state: "FAILED_CONNECTION",
    exitStatus: 75,
    meaning: "The connection ended before the answer came.",
    causes: [
      "The network was interrupted",
      "ThingsBoard was restarted",
      "ThingsBoard gave up inside after 10 to 20 s, as it does when its database is slow",
      "ThingsBoard blocks this address for a minute after wrong credentials, or its rate limit or limit of sessions is reached",
    ],
    onTheDevice: ["Nothing: the next try asks with the same name and token, and no second device can arise"],
    onTheServer: ["Look into the server's log at that time"],
  },
  NOTHING_HEARD: {
    type: "NETWORK",
    retryAfterSeconds: 30,
    state: "FAILED_CONNECTION",
    exitStatus: 75,
    meaning: "The connection was opened and then closed from the other side, and not one byte ever came from there.",
    causes: [
      {
        cause: "server_port is a TLS port, and plain text was asked for",
        unless: "TLS was asked for",
      },
      {
        cause: "server_port is a plain text port, and TLS was asked for",
        unless: "plain text was asked for",
      },
      "A load balancer without a working server behind it",
      "A proxy in front of the server wants the PROXY protocol, or sends it to a server that does not want it",
      "ThingsBoard blocks this camera's address",
    ],
    onTheDevice: ["Check server_port and use_ssl together: usually 8883 with TLS, 1883 with plain text"],
    onTheServer: [
      "Look at the load balancer or proxy in front of ThingsBoard: has it a server, and do both sides agree on the PROXY protocol?",
      "Look into the server's log for blocked addresses",
    ],
  },
  TLS_EXPECTED: {
    type: "NETWORK",
    retryAfterSeconds: 30,
    state: "FAILED_CONNECTION",
    exitStatus: 75,
    meaning:
      "The port speaks TLS, and plain text was asked for. What was sent to it in plain text could be read on the way.",
    causes: ["use_ssl is false, or the scheme is mqtt or tcp, or server_port is 1883, and the server speaks TLS there"],
    onTheDevice: [
      'In provision.json write "use_ssl": true, with the same server_port, and server_url without a scheme or with mqtts://',
    ],
    onTheServer: [],
  },
  NO_ANSWER: {
    type: "NETWORK",
    retryAfterSeconds: 30,
    state: "FAILED_TIMEOUT",
    exitStatus: 75,
    meaning: "The server accepted the connection and then did not answer within timeout_seconds.",
    causes: [
      "The server or its database is overloaded",
      { cause: "timeout_seconds is under 25: a real server may answer only after 20", unless: "it had 25 seconds" },
      {
        cause: "The device profile has the strategy X.509 certificate chain: such a profile never answers a request",
        unless: ["the server answers requests", "no request was heard"],
      },
      { cause: "No rule chain or core of ThingsBoard is at work", unless: "no request was heard" },
      { cause: "The address belongs to something that is not ThingsBoard", unless: "the server answers requests" },
    ],
    onTheDevice: ["Check server_port; where it is ThingsBoard, raise timeout_seconds"],
    onTheServer: ["Look into the server's log at that time, and at the device profile's provisioning strategy"],
  },
  NOT_MQTT: {
    type: "NETWORK",
    retryAfterSeconds: 60,
    state: "FAILED_CONNECTION",
    exitStatus: 75,
    meaning: "What answered does not speak MQTT.",
    causes: [
      "server_port is that of a web server, or of another service",
      { cause: "server_port is a TLS port, and plain text was asked for", unless: "TLS was asked for" },
      "A captive portal or proxy answered",
    ],
    onTheDevice: [
      "Check server_url, server_port and use_ssl together: MQTT usually has 8883 with TLS, 1883 with plain text",
    ],
    onTheServer: ["Ask which host and port ThingsBoard has for MQTT; they are not those of its web page"],
  },
  NOT_THINGSBOARD: {
    type: "SERVER",
    retryAfterSeconds: 60,
    state: "FAILED_CONNECTION",
    exitStatus: 75,
    meaning: "An MQTT broker answered that is not ThingsBoard.",
    causes: [
      "server_url or server_port names another MQTT broker, such as Mosquitto",
      "A broker stands between the camera and ThingsBoard",
    ],
    onTheDevice: ["Check server_url and server_port"],
    onTheServer: ["Check that the port is ThingsBoard's own MQTT transport"],
  },
  TOO_MUCH_DATA: {
    type: "NETWORK",
    retryAfterSeconds: 60,
    state: "FAILED_CONNECTION",
    exitStatus: 75,
    meaning: "The server sent more than a provisioning can need; the connection was cut.",
    causes: ["The address belongs to something that is not ThingsBoard"],
    onTheDevice: ["Check server_url and server_port"],
    onTheServer: [],
  },
  SESSION_REFUSED: {
    type: "SERVER",
    retryAfterSeconds: 30,
    state: "FAILED_CONNECTION",
    exitStatus: 75,
    meaning: "The server refused an MQTT session, and not for the credentials.",
    causes: [
      {
        cause: "The device profile's transport is neither MQTT nor Default: the device exists then, and cannot log in",
        unless: "the provisioning session was refused",
      },
      "A rate limit, or the limit of sessions, is reached",
      "The server is starting or overloaded",
    ],
    onTheDevice: ["Start again later"],
    onTheServer: [
      "Look at the device profile, tab Transport configuration: Default or MQTT",
      "Look at the tenant profile's rate limits and session limits",
    ],
  },
} as const satisfies Record<string, ErrorKind>;
