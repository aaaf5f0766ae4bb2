import { createSecureContext } from "node:tls";
import { trusting } from "./authorities.ts";
import { alerts } from "./raw-peers.ts";
import type { TlsServer, TlsServers } from "./tls-server.ts";

function wrongHost(has: string, meets: TlsServer["meets"], asked = 'server_url is "localhost"'): TlsServer {
  return { ends: "TLS_WRONG_HOST 78", says: `the certificate is for ${has}; ${asked}`, meets };
}

/** A wildcard that does not hold for `cam.test`, or for what is asked for in its place. */
function wildcard(pattern: string, name = "cam.test"): TlsServer {
  return wrongHost(
    `"${pattern}"`,
    (from) => ({
      peer: from.named(`DNS:${pattern}`),
      settings: { ...trusting(from.root.cert), serverName: name },
    }),
    `server_name is "${name}"`,
  );
}

/** The certificate is somebody else's, or nobody's. */
export const wrongNames: TlsServers = {
  "other names": wrongHost('"tb.example.com", "*.eu.example.com", "10.0.0.5"', (from) => ({
    peer: from.named("DNS:tb.example.com", "DNS:*.eu.example.com", "IP:10.0.0.5"),
  })),
  "a hundred other names": wrongHost(
    '"other0.test", "other1.test", "other2.test", "other3.test", "other4.test", "other5.test", "94 more"',
    (from) => ({ peer: from.named(...Array.from({ length: 100 }, (_, number) => `DNS:other${number}.test`)) }),
  ),
  "the certificate of another host, for want of the name that was asked for": wrongHost(
    '"default.example.com"',
    (from) => ({
      peer: {
        ...from.named("DNS:default.example.com"),
        SNICallback: (_name, tell) => tell(null, createSecureContext(from.named("DNS:default.example.com"))),
      },
    }),
  ),
  "a name, at an address": wrongHost(
    '"localhost"',
    (from) => ({ peer: from.named("DNS:localhost"), host: "127.0.0.1" }),
    'server_url is "127.0.0.1"',
  ),
  "an address, at a name": wrongHost('"127.0.0.1"', (from) => ({ peer: from.named("IP:127.0.0.1") })),
  "an address written as a name": wrongHost(
    '"127.0.0.1"',
    (from) => ({ peer: from.named("DNS:127.0.0.1"), host: "127.0.0.1" }),
    'server_url is "127.0.0.1"',
  ),
  "another name than server_name": wrongHost(
    '"localhost", "127.0.0.1"',
    (from) => ({ peer: from.good, settings: { ...trusting(from.root.cert), serverName: "tb.test" } }),
    'server_name is "tb.test"',
  ),
  "the wildcard *.cam.test, for cam.test": wildcard("*.cam.test"),
  "the wildcard *.cam.test, for a.b.cam.test": wildcard("*.cam.test", "a.b.cam.test"),
  "the wildcard *.test, for cam.test": wildcard("*.test"),
  "the wildcard *": wildcard("*"),
  "a part of a wildcard, ca*.test": wildcard("ca*.test"),
  "a wildcard in the middle, x.*.test": wildcard("x.*.test", "x.cam.test"),
  "an e-mail address only": {
    ends: "TLS_CERTIFICATE_WITHOUT_NAME 78",
    says: 'the certificate "localhost" names no host: it has no subjectAltName',
    meets: (from) => ({ peer: from.named("email:it@example.com") }),
  },
  "a common name only": {
    ends: "TLS_CERTIFICATE_WITHOUT_NAME 78",
    says: 'the certificate "localhost" names no host: it has no subjectAltName',
    meets: (from) => ({ peer: from.leaf({ extensions: [] }) }),
  },
  "a common name only, the address": {
    ends: "TLS_CERTIFICATE_WITHOUT_NAME 78",
    says: 'the certificate "127.0.0.1" names no host: it has no subjectAltName',
    meets: (from) => ({ peer: from.make("127.0.0.1", { signer: from.root }), host: "127.0.0.1" }),
  },
  "a common name only, for another host, although ca_file holds it": wrongHost(
    '"other", and has no names in its subjectAltName',
    (from) => from.selfSigned({}, "other"),
  ),
  "an alert that the name is unknown (112), at a name": {
    ends: "TLS_NAME_REFUSED 78",
    says: 'the server does not know the name "localhost"',
    meets: () => ({ peer: alerts(112) }),
  },
  "an alert that the name is unknown (112), at an address": {
    ends: "TLS_NAME_REFUSED 78",
    says: "the server answers to certain names only, and was addressed by a number",
    meets: () => ({ peer: alerts(112), host: "127.0.0.1" }),
  },
};
