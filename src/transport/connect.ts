import type { X509Certificate } from "node:crypto";
import { connect as connectTcp, type Socket } from "node:net";
import { connect as connectTls, type TLSSocket } from "node:tls";
import { Expired, systemClock } from "../base/clock.ts";
import { seconds } from "../base/duration.ts";
import { isSystemError } from "../base/system-error.ts";
import { ProvisioningError } from "../model/errors.ts";
import type { HttpProxy } from "../model/proxy.ts";
import { isIpAddress } from "../model/server-address.ts";
import type { ServerIdentity } from "../model/server-identity.ts";
import { type Warning, warning } from "../model/warnings.ts";
import { allAddresses, ownFamilies } from "./address-families.ts";
import { chainOf, publicKeyPin } from "./certificate-facts.ts";
import { connectionError, type Progress } from "./connection-error.ts";
import { environment, ignoredProxy } from "./ignored-proxy.ts";
import { type Connect, type Endpoint, type Link, linkOver, place, type Security, type TlsSettings } from "./link.ts";
import { tlsOptions } from "./tls-settings.ts";
import { failure, openTunnel } from "./tunnel.ts";

/**
 * Opens a TCP or TLS connection. The server's certificate is always verified, whatever the environment says
 * (`NODE_TLS_REJECT_UNAUTHORIZED`), against `authorities` or Node's own; TLS 1.2 at least.
 */
export const connect: Connect = async (endpoint, signal, reached = () => {}) => {
  signal.throwIfAborted();
  return new Opening(endpoint).open(signal, reached);
};

/** A connection on its way, and what was seen of it. */
class Opening {
  readonly #endpoint: Endpoint;
  readonly #tcp: Socket;
  /** Where to, as far as that was tried; once one of them has answered, only that one. */
  #addresses: string[] = [];
  #chain: readonly X509Certificate[] = [];
  readonly #warnings: Warning[] = [];
  #phase: "resolve the name" | "reach the address" | "ask the proxy" | "set up TLS";
  #isThroughProxy = false;
  #proxyDate: Date | undefined;

  constructor(endpoint: Endpoint) {
    const { host: name, port } = endpoint.proxy ?? endpoint;
    const host = endpoint.address ?? name;
    this.#endpoint = endpoint;
    this.#phase = isIpAddress(host) ? "reach the address" : "resolve the name";
    this.#tcp = connectTcp({ host, port, ...slowly });
    this.#tcp.once("lookup", () => {
      this.#phase = "reach the address";
    });
    this.#tcp.on("connectionAttempt", (address: string) => void this.#addresses.push(address));
  }

  async open(signal: AbortSignal, reached: (address: string) => void): Promise<Link> {
    const { tls } = this.#endpoint;
    try {
      await ready(this.#tcp, "connect", signal);
      const { remoteAddress } = this.#tcp;
      if (remoteAddress !== undefined) this.#addresses = [remoteAddress];
      this.#tcp.setNoDelay(true);
      await this.#throughProxy(signal);
      if (remoteAddress !== undefined) reached(remoteAddress);
      if (tls === undefined) return this.#link(this.#tcp);
      this.#phase = "set up TLS";
      const secure = this.#secure(tls);
      await ready(secure, "secureConnect", signal);
      return this.#link(secure, {
        version: secure.getProtocol() ?? "",
        cipher: secure.getCipher().name,
        chain: this.#chain,
      });
    } catch (error) {
      this.#tcp.on("error", () => {}).destroy();
      if (this.#isNameless(error)) this.#addresses = [...(await allAddresses(this.#endpoint.host, signal))];
      throw this.#explain(error, signal);
    }
  }

  /** No address was found for the server's name. */
  #isNameless(error: unknown): boolean {
    return this.#endpoint.proxy === undefined && isSystemError(error, "ENOTFOUND");
  }

  /** Until a proxy has opened the way, what fails is the proxy's. */
  async #throughProxy(signal: AbortSignal): Promise<void> {
    const { proxy, ...server } = this.#endpoint;
    if (proxy === undefined) return;
    this.#phase = "ask the proxy";
    this.#proxyDate = await openTunnel(this.#tcp, server, proxy, signal);
    this.#phase = "reach the address";
    this.#isThroughProxy = true;
  }

  #secure(tls: TlsSettings): TLSSocket {
    const noticed = () => void this.#warnings.push(warning("TLS_NAMED_BY_COMMON_NAME"));
    const secure = connectTls({ socket: this.#tcp, ...tlsOptions(this.#endpoint.host, tls, noticed) });
    // Before Node judges, and closes what it does not trust: afterwards the certificate is gone.
    secure.prependListener("secure", () => {
      this.#chain = chainOf(secure.getPeerCertificate(true));
    });
    return secure;
  }

  #link(socket: Socket, security?: Security): Link {
    return linkOver(socket, {
      ...(security === undefined ? {} : { security }),
      ...(this.#proxyDate === undefined ? {} : { proxyDate: this.#proxyDate }),
      place: place(this.#endpoint, this.#addresses),
      server: this.#server(),
      secure: this.#endpoint.tls !== undefined,
      warnings: this.#warnings,
      explain: (cause) => connectionError(this.#endpoint, cause, this.#progress),
    });
  }

  #server(): ServerIdentity {
    const [certificate] = this.#chain;
    return {
      address: this.#isThroughProxy ? null : (this.#tcp.remoteAddress ?? null),
      port: this.#endpoint.port,
      publicKey: certificate === undefined ? null : publicKeyPin(certificate),
    };
  }

  get #progress(): Progress {
    const addresses = this.#addresses;
    if (this.#phase !== "set up TLS") return { addresses, families: ownFamilies(), environment };
    return { addresses, handshake: { chain: this.#chain, heard: this.#tcp.bytesRead > 0, now: systemClock.now() } };
  }

  #explain(error: unknown, signal: AbortSignal): unknown {
    if (signal.aborted) return signal.reason instanceof Expired ? this.#tooLate() : signal.reason;
    if (!(error instanceof Error) || ProvisioningError.is(error)) return error;
    const { proxy } = this.#endpoint;
    if (proxy !== undefined && !this.#isThroughProxy) return proxyUnreachable(proxy, error);
    const explained = connectionError(this.#endpoint, error, this.#progress);
    // Reset as soon as it was opened: nothing was interrupted.
    if (explained.errorCode !== "CONNECTION_LOST") return explained;
    return new ProvisioningError("NOTHING_HEARD", explained.message, { cause: error, facts: explained.facts });
  }

  #tooLate(): ProvisioningError {
    const { proxy } = this.#endpoint;
    if (proxy !== undefined && !this.#isThroughProxy) {
      return failure(proxy, "PROXY_UNREACHABLE", `no time was left to ${this.#phase}`);
    }
    const where = place(this.#endpoint, this.#addresses);
    if (this.#phase === "set up TLS") {
      const heard =
        this.#tcp.bytesRead > 0 ? "TLS was begun, and did not get on" : "the TLS handshake was not answered";
      return new ProvisioningError("TLS_STALLED", `${where}: the address answers, but ${heard} in time`);
    }
    const also = proxy === undefined ? ignoredProxy("CONNECT_TIMEOUT", environment) : [];
    const lines = [`${where}: no time was left to ${this.#phase}`, ...also];
    return new ProvisioningError("CONNECT_TIMEOUT", lines.join("\n  "));
  }
}

/** In the words that a server in its place would be told of. */
function proxyUnreachable(proxy: HttpProxy, error: Error): ProvisioningError {
  const { message } = connectionError({ host: proxy.host, port: proxy.port }, error);
  return failure(proxy, "PROXY_UNREACHABLE", message.replace(/^\S+ \([^)]*\): /, ""), error);
}

/** Until `event`; rejects, and ends the connection, when it failed, closed, or `signal` aborts. */
function ready(socket: Socket, event: "connect" | "secureConnect", signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = () => {
      signal.removeEventListener("abort", abort);
      socket.off("error", giveUp).off("close", close).off(event, succeed);
    };
    const giveUp = (error: unknown) => {
      settle();
      // Errors of a connection that nobody waits for any more must not stop the process.
      socket.on("error", () => {}).destroy();
      reject(error);
    };
    const close = () => giveUp(new Error("closed while connecting"));
    const abort = () => giveUp(signal.reason);
    const succeed = () => {
      settle();
      resolve();
    };
    socket.once("error", giveUp).once("close", close).once(event, succeed);
    signal.addEventListener("abort", abort);
  });
}

/**
 * How long each address of a name but the last is tried. Node's own 250 ms are less than a round trip over GSM or a
 * satellite, and then a name whose last address is out of reach (IPv6, mostly) could never be connected to. Here even a
 * lost SYN, which is sent again after 1 s, is waited for.
 */
const slowly = { autoSelectFamilyAttemptTimeout: seconds(3) };
