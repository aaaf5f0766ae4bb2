import { describe, expect, it } from "vitest";
import { connectionError } from "../../src/transport/connection-error.ts";
import { jargon } from "../repository/jargon.ts";

type Row = readonly [code: string, sentence: string, firstCause: string];

/** By the system's word: what a person reads first, and which cause is the first. */
const network: Readonly<Record<string, Row>> = {
  ENOTFOUND: ["HOST_NOT_FOUND", "there is no such name: no address was found for it", "server_url is mistyped"],
  EAI_NONAME: ["HOST_NOT_FOUND", "there is no such name: no address was found for it", "server_url is mistyped"],
  EAI_NODATA: ["HOST_NOT_FOUND", "the name is known, but no address belongs to it", "server_url is mistyped"],
  EAI_ADDRFAMILY: [
    "HOST_NOT_FOUND",
    "the name has no address of the kind that this camera can use",
    "server_url is mistyped",
  ],
  EAI_AGAIN: [
    "RESOLVER_SILENT",
    "no name server answers, so that no name can be looked up",
    "The network is not up yet",
  ],
  EAI_FAIL: [
    "RESOLVER_SILENT",
    "the name server failed at the name, or refuses to look it up",
    "The network is not up yet",
  ],
  EAI_SYSTEM: ["RESOLVER_SILENT", "the system's own look-up of names failed", "The network is not up yet"],
  EAI_MEMORY: [
    "LOCAL_RESOURCES_EXHAUSTED",
    "this camera has too little memory to look up a name",
    "A program on the camera holds too much open: files, memory or ports",
  ],
  ECONNREFUSED: ["CONNECTION_REFUSED", "nothing listens there", "ThingsBoard is restarting"],
  ENETUNREACH: [
    "NETWORK_UNREACHABLE",
    "there is no way to it: this camera has no route there",
    "The network is not up yet",
  ],
  EHOSTUNREACH: [
    "NETWORK_UNREACHABLE",
    "there is no way to it: a router, or the local network, says that it is not there",
    "The network is not up yet",
  ],
  ENETDOWN: ["NETWORK_UNREACHABLE", "there is no way to it: the camera's network is down", "The network is not up yet"],
  EHOSTDOWN: ["NETWORK_UNREACHABLE", "there is no way to it: the machine is down", "The network is not up yet"],
  ENONET: ["NETWORK_UNREACHABLE", "there is no way to it: this camera is on no network", "The network is not up yet"],
  EADDRNOTAVAIL: [
    "NETWORK_UNREACHABLE",
    "this camera has no address of its own from which to reach it",
    "The network is not up yet",
  ],
  EAFNOSUPPORT: [
    "NETWORK_UNREACHABLE",
    "this camera cannot use addresses of that kind (IPv6 or IPv4 is switched off)",
    "The network is not up yet",
  ],
  EACCES: ["CONNECTION_FORBIDDEN", "this camera itself forbids the connection", "A firewall on the camera rejects it"],
  EPERM: [
    "CONNECTION_FORBIDDEN",
    "this camera itself forbids the connection, as a local firewall does",
    "A firewall on the camera rejects it",
  ],
  ETIMEDOUT: ["CONNECT_TIMEOUT", "nobody answers at this address", "A firewall drops the packets"],
  EINVAL: [
    "ADDRESS_UNUSABLE",
    "the address cannot be connected to as it is; a link-local one (fe80::…) wants its interface, as in fe80::1%eth0",
    "A link-local address (fe80::…) without the interface that leads to it",
  ],
  EMFILE: [
    "LOCAL_RESOURCES_EXHAUSTED",
    "this program has too many files and connections open",
    "A program on the camera holds too much open: files, memory or ports",
  ],
  ENFILE: [
    "LOCAL_RESOURCES_EXHAUSTED",
    "this camera has too many files and connections open",
    "A program on the camera holds too much open: files, memory or ports",
  ],
  ENOBUFS: [
    "LOCAL_RESOURCES_EXHAUSTED",
    "this camera has no room for another connection",
    "A program on the camera holds too much open: files, memory or ports",
  ],
  ENOMEM: [
    "LOCAL_RESOURCES_EXHAUSTED",
    "this camera has too little memory for a connection",
    "A program on the camera holds too much open: files, memory or ports",
  ],
  EADDRINUSE: [
    "LOCAL_RESOURCES_EXHAUSTED",
    "this camera has no free port for another connection",
    "A program on the camera holds too much open: files, memory or ports",
  ],
  ECONNRESET: ["CONNECTION_LOST", "the connection was closed from the other side", "The network was interrupted"],
  ECONNABORTED: ["CONNECTION_LOST", "the connection was ended on this side", "The network was interrupted"],
  EPIPE: ["CONNECTION_LOST", "the connection was closed from the other side", "The network was interrupted"],
  EPROTO: ["CONNECTION_LOST", "the connection was closed for a mistake in the protocol", "The network was interrupted"],
};

/** The same once TLS has begun; TLS servers of every kind are played elsewhere. */
const duringTls: Readonly<Record<string, Row>> = {
  ECONNRESET: [
    "TLS_FAILED",
    "the server ended the connection in the middle of the TLS handshake",
    "Something between the camera and the server breaks TLS off",
  ],
  EPROTO: [
    "TLS_FAILED",
    "the server ended the connection in the middle of the TLS handshake",
    "Something between the camera and the server breaks TLS off",
  ],
  ERR_SSL_WRONG_VERSION_NUMBER: [
    "TLS_NOT_SPOKEN",
    "what answers there does not speak TLS",
    "server_port is a plain text port",
  ],
  ERR_SSL_UNSUPPORTED_PROTOCOL: [
    "TLS_VERSION_REFUSED",
    "the server offers no TLS version that this camera accepts: it must have TLS 1.2 or 1.3",
    "The server offers only TLS 1.0 or 1.1",
  ],
  ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC: [
    "TLS_DAMAGED",
    "what was sent did not arrive as it was sent: TLS could not be decrypted",
    "Something on the way alters the bytes: a faulty link, modem or router",
  ],
  ERR_SSL_SOMETHING: [
    "TLS_FAILED",
    "TLS could not be set up",
    "Something between the camera and the server breaks TLS off",
  ],
  DEPTH_ZERO_SELF_SIGNED_CERT: [
    "TLS_UNTRUSTED",
    "the server's certificate signed itself, and is not among those trusted here",
    "The server uses a certificate of its own or of a company's authority",
  ],
  SELF_SIGNED_CERT_IN_CHAIN: [
    "TLS_UNTRUSTED",
    "the server's certificate comes from an authority that was not seen, whom this camera does not trust",
    "The server uses a certificate of its own or of a company's authority",
  ],
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: [
    "TLS_UNTRUSTED",
    "the server's certificate comes from an authority that was not seen, whom this camera does not trust",
    "The server uses a certificate of its own or of a company's authority",
  ],
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: [
    "TLS_UNTRUSTED",
    "the server's certificate comes from an authority that was not seen, whom this camera does not trust",
    "The server uses a certificate of its own or of a company's authority",
  ],
  CERT_HAS_EXPIRED: [
    "TLS_EXPIRED",
    "by this camera's clock (2026-05-04 03:02 UTC) the certificate has expired",
    "The certificate was not renewed",
  ],
  CERT_NOT_YET_VALID: [
    "TLS_NOT_YET_VALID",
    "by this camera's clock (2026-05-04 03:02 UTC) the certificate is not valid yet",
    "The camera's clock is not set: it starts in 1970 without a battery",
  ],
  ERR_TLS_CERT_ALTNAME_INVALID: [
    "TLS_WRONG_HOST",
    'the certificate is for another name; server_url is "tb.example"',
    "server_url is an address or an alias that the certificate does not name",
  ],
  CERT_REVOKED: [
    "TLS_UNTRUSTED",
    "the server's certificate was revoked",
    "The server uses a certificate of its own or of a company's authority",
  ],
  CERT_SIGNATURE_FAILURE: [
    "TLS_UNTRUSTED",
    "the certificate was not signed by the authority that is trusted here, but by another of that name",
    "The server uses a certificate of its own or of a company's authority",
  ],
  INVALID_PURPOSE: [
    "TLS_CERTIFICATE_UNFIT",
    "the server's certificate, or one that signed it, is not made for this: it may be used by clients, or for something else, but not by a server",
    "It was made for clients, or for something else than a server (extended key usage)",
  ],
  INVALID_CA: [
    "TLS_CERTIFICATE_UNFIT",
    "the server's certificate, or one that signed it, is not made for this: it was signed by a certificate that is not an authority",
    "It was made for clients, or for something else than a server (extended key usage)",
  ],
  PATH_LENGTH_EXCEEDED: [
    "TLS_CERTIFICATE_UNFIT",
    "the server's certificate, or one that signed it, is not made for this: an authority signed another authority, which it may not",
    "It was made for clients, or for something else than a server (extended key usage)",
  ],
  CERT_CHAIN_TOO_LONG: [
    "TLS_UNTRUSTED",
    "the server's certificate is not trusted here",
    "The server uses a certificate of its own or of a company's authority",
  ],
};

const server = { host: "tb.example", port: 1883 };
const handshake = { chain: [], heard: true, now: new Date("2026-05-04T03:02:01Z") };

function failure(code: string): Error {
  return Object.assign(new Error(`connect ${code}`), { code });
}

describe("the first sentence and the first cause of a connection that fails", () => {
  it.each(Object.entries(network))("with %s", (name, [code, sentence, firstCause]) => {
    const { errorCode, message, causes } = connectionError(server, failure(name), { addresses: ["192.0.2.7"] });
    expect([errorCode, message, causes[0]]).toEqual([
      code,
      `tb.example:1883 (plain text, 192.0.2.7): ${sentence} (${name})`,
      firstCause,
    ]);
  });

  it.each(Object.entries(duringTls))("with %s during TLS", (name, [code, sentence, firstCause]) => {
    const { errorCode, message, causes } = connectionError({ ...server, tls: {} }, failure(name), {
      addresses: [],
      handshake,
    });
    expect([errorCode, message.split("\n")[0], causes[0]]).toEqual([
      code,
      `tb.example:1883 (TLS): ${sentence} (${name})`,
      firstCause,
    ]);
  });

  it.each(Object.entries({ ...network, ...duringTls }))("with %s needs no knowledge of systems", (_, [, sentence]) => {
    expect(sentence).not.toMatch(jargon);
  });

  it("by the TPM that holds the camera's key, during TLS", () => {
    const words = "error:4080000E:tpm2::cannot hash::-1:2306 tpm:warn(2.0): out of memory for object contexts";
    const cause = Object.assign(new Error(words), { code: "ERR_SSL_CANNOT_HASH" });
    const { errorCode, message } = connectionError({ ...server, tls: {} }, cause, { addresses: [], handshake });
    expect(errorCode).toBe("TLS_FAILED");
    expect(message).toContain("tb.example:1883 (TLS): the TPM did not do its part (ERR_SSL_CANNOT_HASH)\n");
    expect(message).toContain("tpm:warn(2.0): out of memory for object contexts");
  });

  it("without one byte, when TLS was to begin", () => {
    const progress = { addresses: [], handshake: { ...handshake, heard: false } };
    const { errorCode, message, causes } = connectionError({ ...server, tls: {} }, failure("ECONNRESET"), progress);
    expect([errorCode, message, causes[0]]).toEqual([
      "NOTHING_HEARD",
      "tb.example:1883 (TLS): the other side ended the connection without one byte, when TLS was to begin (ECONNRESET)",
      "server_port is a plain text port, and TLS was asked for",
    ]);
  });
});
