import { X509Certificate } from "node:crypto";
import { connect as connectTcp, type Socket } from "node:net";
import { connect as connectTls, type PeerCertificate, type TLSSocket } from "node:tls";
import { Expired } from "../base/clock.ts";
import { seconds } from "../base/duration.ts";
import { ProvisioningError } from "../model/errors.ts";
import { isIpAddress } from "../model/server-address.ts";
import { connectionError, place } from "./connection-error.ts";
import { type Connect, type Endpoint, linkOver } from "./link.ts";

/**
 * Opens a TCP or TLS connection. The server's certificate is always verified, whatever the environment says
 * (`NODE_TLS_REJECT_UNAUTHORIZED`), against `authorities` or Node's own; TLS 1.2 at least.
 */
export const connect: Connect = (endpoint, signal) => {
  signal.throwIfAborted();
  const socket = endpoint.tls === undefined ? openTcp(endpoint) : openTls(endpoint, endpoint.tls);
  let phase = isIpAddress(endpoint.host) ? "reach the address" : "resolve the name";
  socket.once("lookup", () => {
    phase = "reach the address";
  });
  socket.once("connect", () => {
    phase = "set up TLS";
  });
  return new Promise((resolve, reject) => {
    const settle = () => {
      signal.removeEventListener("abort", abort);
      socket.off("error", fail).off("close", close).off(ready, succeed);
    };
    const giveUp = (error: unknown) => {
      settle();
      // Errors of a connection that nobody waits for any more must not stop the process.
      socket.on("error", () => {}).destroy();
      reject(error);
    };
    const fail = (error: Error) => giveUp(connectionError(endpoint, error));
    const close = () => fail(new Error("closed while connecting"));
    const abort = () => giveUp(signal.reason instanceof Expired ? tooLate(endpoint, phase) : signal.reason);
    const succeed = () => {
      settle();
      socket.setNoDelay(true);
      resolve(linkOver(socket));
    };
    const ready = endpoint.tls === undefined ? "connect" : "secureConnect";
    socket.once("error", fail).once("close", close).once(ready, succeed);
    signal.addEventListener("abort", abort);
  });
};

/**
 * How long each address of a name but the last is tried. Node's own 250 ms are less than a round trip over GSM or a
 * satellite, and then a name whose last address is out of reach (IPv6, mostly) could never be connected to. Here even a
 * lost SYN, which is sent again after 1 s, is waited for.
 */
const slowly = { autoSelectFamilyAttemptTimeout: seconds(3) };

function openTcp({ host, port }: Endpoint): Socket {
  return connectTcp({ host, port, ...slowly });
}

function openTls({ host, port }: Endpoint, { authorities }: NonNullable<Endpoint["tls"]>): TLSSocket {
  return connectTls({
    host,
    port,
    ...slowly,
    minVersion: "TLSv1.2",
    rejectUnauthorized: true,
    ...(isIpAddress(host) ? { checkServerIdentity: checkAddress } : { servername: host }),
    ...(authorities === undefined ? {} : { ca: [...authorities] }),
  });
}

/** Node 22.23 takes an IPv6 address for a name here, and finds it in no certificate. */
function checkAddress(address: string, { raw }: PeerCertificate): Error | undefined {
  if (new X509Certificate(raw).checkIP(address) !== undefined) return undefined;
  return Object.assign(new Error(`not for ${address}`), { code: "ERR_TLS_CERT_ALTNAME_INVALID" });
}

function tooLate(endpoint: Endpoint, phase: string): ProvisioningError {
  return new ProvisioningError("CONNECT_TIMEOUT", `${place(endpoint)}: no time was left to ${phase}`);
}
