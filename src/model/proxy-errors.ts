import type { ErrorKind } from "./error-kind.ts";

/** What goes wrong at an HTTP proxy, before the server is reached. */
export const proxyErrors = {
  PROXY_UNREACHABLE: {
    type: "NETWORK",
    retryAfterSeconds: 30,
    state: "FAILED_CONNECTION",
    exitStatus: 75,
    meaning: "The proxy cannot be reached, or does not answer.",
    causes: ["proxy names another host or port than the proxy has", "The network, or the proxy, is down"],
    onTheDevice: ["Check proxy in provision.json, or --proxy, and the network"],
    onTheServer: [],
  },
  PROXY_FINDS_NO_SERVER: {
    type: "NETWORK",
    retryAfterSeconds: 30,
    state: "FAILED_CONNECTION",
    exitStatus: 75,
    meaning: "The proxy answers, and cannot reach the server.",
    causes: ["The server is down, or server_url or server_port is wrong", "The proxy does not know the server's name"],
    onTheDevice: ["Check server_url and server_port"],
    onTheServer: ["Check that the server can be reached from the proxy"],
  },
  PROXY_REFUSED: {
    type: "NETWORK",
    retryAfterSeconds: "never",
    state: "FAILED_CONNECTION",
    exitStatus: 78,
    meaning: "The proxy does not open a way to this server and port.",
    causes: [
      "The proxy allows port 443 only, as most do at first",
      "The proxy does not allow this camera, or this server",
    ],
    onTheDevice: ["Ask the proxy's administrator to allow CONNECT to the server's MQTT port"],
    onTheServer: [],
  },
  PROXY_CREDENTIALS_WANTED: {
    type: "NETWORK",
    retryAfterSeconds: "never",
    state: "FAILED_CONNECTION",
    exitStatus: 78,
    meaning: "The proxy wants a user name and a password, or does not accept those that it was given.",
    causes: ["proxy has no user name and password, or wrong ones", "The proxy wants another way of login than Basic"],
    onTheDevice: ["Write proxy as http://user:password@host:port"],
    onTheServer: [],
  },
  PROXY_NOT_SPOKEN: {
    type: "NETWORK",
    retryAfterSeconds: "never",
    state: "FAILED_CONNECTION",
    exitStatus: 78,
    meaning: "What answers in the place of the proxy is not an HTTP proxy.",
    causes: ["proxy names the port of something else", "It is a SOCKS proxy, or one that wants TLS"],
    onTheDevice: ["Check the port in proxy; only HTTP proxies without TLS to the proxy itself are spoken to"],
    onTheServer: [],
  },
} as const satisfies Record<string, ErrorKind>;
