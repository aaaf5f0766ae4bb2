import { connack } from "../server-end.ts";
import { floods, greets, says } from "./raw-peers.ts";
import type { TlsServer, TlsServers } from "./tls-server.ts";

const http = "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n";

function instead(service: string, meets: TlsServer["meets"]): TlsServer {
  const says = `what answers there is ${service}, in plain text: neither TLS nor MQTT`;
  return { ends: "TLS_NOT_SPOKEN 75", says, meets };
}

function notTls(meets: TlsServer["meets"]): TlsServer {
  return { ends: "TLS_NOT_SPOKEN 75", says: "what answers there does not speak TLS", meets };
}

function nothingHeard(meets: TlsServer["meets"]): TlsServer {
  const says = "the other side ended the connection without one byte, when TLS was to begin";
  return { ends: "NOTHING_HEARD 75", says, meets };
}

/** Something else answers at the port. */
export const otherServices: TlsServers = {
  "MQTT in plain text": {
    ends: "TLS_NOT_SPOKEN 75",
    says: 'the port speaks MQTT in plain text, and TLS was asked for: write "use_ssl": false, with server_url "localhost" and server_port PORT; or take the server\'s TLS port',
    meets: () => ({
      peer: (socket) =>
        socket.once("data", ([type]) => {
          // What begins a TLS handshake is no packet of MQTT.
          if (type === 0x10) socket.write(Buffer.from(connack().replaceAll(" ", ""), "hex"));
          else socket.destroy();
        }),
    }),
  },
  "TLS where plain text is asked for": {
    ends: "TLS_EXPECTED 75",
    says: 'the port speaks TLS, and plain text was asked for: write "use_ssl": true, with server_url "localhost" and server_port PORT',
    meets: ({ good }) => ({ peer: good, settings: "plain text" }),
  },
  "TLS that answers plain text with an alert": {
    ends: "TLS_EXPECTED 75",
    says: "the port speaks TLS, and plain text was asked for",
    meets: () => ({ peer: says(Buffer.from([21, 3, 1, 0, 2, 2, 70])), settings: "plain text" }),
  },
  "a web server": instead("a web server (HTTP)", () => ({ peer: says(http) })),
  "a web server with TLS": {
    ends: "NOT_MQTT 75",
    says: "what answers there is a web server (HTTP), not MQTT",
    meets: ({ good }) => ({ peer: good, within: (socket) => void socket.once("data", () => socket.end(http)) }),
  },
  "an SSH server": instead("an SSH server", () => ({ peer: greets("SSH-2.0-OpenSSH_9.2\r\n") })),
  "a mail server": instead("a mail or FTP server", () => ({ peer: greets("220 mail.example.com ESMTP\r\n") })),
  "a mail server (IMAP)": instead("a mail server", () => ({ peer: greets("* OK IMAP4rev1 ready\r\n") })),
  "a mail server (POP3)": instead("a mail server", () => ({ peer: greets("+OK POP3 ready\r\n") })),
  "an AMQP broker": instead("an AMQP broker", () => ({ peer: says("AMQP\u0000\u0000\u0009\u0001") })),
  "a database (MySQL)": notTls(() => ({ peer: greets(Buffer.from("4a0000000a382e302e333600", "hex")) })),
  "a database (Redis)": notTls(() => ({ peer: says("-ERR unknown command\r\n") })),
  "handshake messages without end, and no greeting": notTls(() => ({
    peer: floods(22, 3, 3, 0, 4, 11, 255, 255, 255),
  })),
  "empty records without end": notTls(() => ({ peer: floods(22, 3, 3, 0, 0) })),
  garbage: notTls(() => ({ peer: says("x".repeat(400)) })),
  "no byte, and the end": nothingHeard(() => ({ peer: (socket) => socket.once("data", () => socket.end()) })),
  "no byte, and a reset": nothingHeard(() => ({
    peer: (socket) => socket.once("data", () => socket.resetAndDestroy()),
  })),
};
