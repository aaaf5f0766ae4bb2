import type { X509Certificate } from "node:crypto";
import type { Duplex } from "node:stream";
import type { Clock } from "../base/clock.ts";
import type { Duration } from "../base/duration.ts";
import type { Secret } from "../base/secret.ts";
import type { Fact } from "../model/error-kind.ts";
import { ProvisioningError } from "../model/errors.ts";
import { type HttpProxy, proxyUrl } from "../model/proxy.ts";
import type { ServerIdentity } from "../model/server-identity.ts";
import type { Warning } from "../model/warnings.ts";

/** Where the server is, and how to speak with it. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
  /** Absent: plain text. */
  readonly tls?: TlsSettings;
  /** Absent: the server is connected to directly. */
  readonly proxy?: HttpProxy;
  /** Where the name of the server, or of its proxy, is known to lead; absent: it is looked up. */
  readonly address?: string;
}

/** `eu.thingsboard.cloud:8883 (TLS, 203.0.113.7)`, as it stands at the beginning of every message about the network. */
export function place({ host, port, tls, proxy }: Endpoint, addresses: readonly string[] = []): string {
  const others = addresses.filter((address) => address !== host);
  const way = proxy === undefined ? others : [`through the proxy ${proxyUrl(proxy)}`];
  const how = [tls ? "TLS" : "plain text", ...way];
  return `${host.includes(":") ? `[${host}]` : host}:${port} (${how.join(", ")})`;
}

/** What was asked for, as a fact that rules causes of an error out. */
export function askedFor(secure: boolean): Fact {
  return secure ? "TLS was asked for" : "plain text was asked for";
}

/** How a server proves who it is. Verification cannot be turned off. */
export interface TlsSettings {
  /** The certificates that are trusted, PEM texts; absent: those that Node was built with. */
  readonly authorities?: readonly string[];
  /** Beside those, the ones that Node was built with. */
  readonly alsoNodes?: boolean;
  /** Those of them that a person has named: among them may be the server's own. */
  readonly named?: readonly string[];
  /** What is trusted, for people: `the system's authorities`. */
  readonly trusted?: string;
  /** The name that is asked for, and that the certificate must have, instead of the host. */
  readonly serverName?: string;
  /** `sha256/…`: one of them must be in the verified chain. */
  readonly pinnedPublicKeys?: readonly string[];
  /** What the client shows of itself; absent: nothing. */
  readonly clientCertificate?: ClientIdentity;
}

/** A certificate with its key. */
export interface ClientIdentity {
  /** The certificate first, then those that signed it. PEM. */
  readonly certificates: string;
  /** PEM. */
  readonly privateKey: Secret;
}

/** What a verified TLS connection is made of. */
export interface Security {
  /** `TLSv1.3`. */
  readonly version: string;
  /** `TLS_AES_256_GCM_SHA384`. */
  readonly cipher: string;
  /** The server's certificate, and those that signed it as far as they are known. */
  readonly chain: readonly X509Certificate[];
}

/** A connection that carries bytes both ways. */
export interface Link {
  /** Where to, for the beginning of messages: `tb.example:8883 (TLS, 192.0.2.7)`; absent in memory. */
  readonly place?: string;
  /** TLS is spoken: the other side has answered, if only to that. */
  readonly secure?: boolean;
  /** What TLS came to; absent in plain text. */
  readonly security?: Security;
  /** By what the server is known again; absent in memory. */
  readonly server?: ServerIdentity;
  /** What was noticed while it was opened. */
  readonly warnings?: readonly Warning[];
  /** The date by the clock of a proxy on the way, where there is one that tells it. */
  readonly proxyDate?: Date;
  /** Sends `bytes` in one go. Whether they arrive shows only in what is read. */
  write(bytes: Uint8Array): void;
  /**
   * The next bytes; undefined when the other side has ended the connection. Rejects with CONNECTION_LOST when it
   * broke, with what TLS said where that broke it, and with the signal's reason.
   */
  read(signal: AbortSignal): Promise<Uint8Array | undefined>;
  /** Sends what was written, as far as that goes at once, then ends the connection. */
  close(): void;
}

/**
 * Opens a link. Rejects with a ProvisioningError of the type NETWORK or AUTH, or with the signal's reason. `reached` may be
 * called, with the address that has answered, when TCP has come that far and TLS has not.
 */
export type Connect = (endpoint: Endpoint, signal: AbortSignal, reached?: (address: string) => void) => Promise<Link>;

/** What a look at a server needs. */
export interface LookingTools {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** How long each connection may take. */
  readonly within: Duration;
  /** A user name that no server knows. */
  readonly unknownToken: string;
}

/**
 * What a failed conversation comes from: the same error, or one that says more. Looks at the server by connections that
 * carry no key, no secret and no token, and that make nothing there.
 */
export type Diagnose = (
  endpoint: Endpoint,
  error: ProvisioningError,
  tools: LookingTools,
) => Promise<ProvisioningError>;

/** What a link over a socket knows besides its bytes. */
export interface LinkDetails extends Pick<Link, "place" | "secure" | "security" | "server" | "warnings" | "proxyDate"> {
  /** What it means that the connection broke so. */
  readonly explain?: (cause: Error) => ProvisioningError;
}

/** How long, in milliseconds, what was written may take to leave before the connection is ended without it. */
const patience = 1000;

/** A link over any stream of bytes: a socket, or one end of a pair in memory. */
export function linkOver(stream: Duplex, { explain = lost, ...details }: LinkDetails = {}): Link {
  let broken: Error | undefined;
  let ended = false;
  stream.on("error", (error) => {
    broken ??= error;
  });
  stream.once("end", () => {
    ended = true;
  });
  return {
    ...details,
    write(bytes) {
      if (stream.writable) stream.write(bytes);
    },
    async read(signal) {
      for (;;) {
        signal.throwIfAborted();
        const chunk: unknown = stream.read();
        if (chunk instanceof Uint8Array) return chunk;
        if (broken !== undefined) throw explain(broken);
        if (ended || stream.destroyed) return undefined;
        await change(stream, signal);
      }
    },
    close() {
      stream.end(() => stream.destroy());
      // A server that asks for another TLS handshake and then says nothing lets nothing out any more.
      const late = setTimeout(() => stream.destroy(), patience).unref();
      stream.once("close", () => clearTimeout(late));
      // The other side may still send; without a reader its bytes would keep the end of the stream away for ever.
      stream.resume();
    },
  };
}

/** Until something happened to `stream`, or `signal` aborts. */
function change(stream: Duplex, signal: AbortSignal): Promise<void> {
  const events = ["readable", "end", "error", "close"] as const;
  return new Promise((resolve) => {
    const settle = () => {
      for (const event of events) stream.off(event, settle);
      signal.removeEventListener("abort", settle);
      resolve();
    };
    for (const event of events) stream.on(event, settle);
    signal.addEventListener("abort", settle);
  });
}

function lost(cause: Error): ProvisioningError {
  return new ProvisioningError("CONNECTION_LOST", "the connection broke before the answer came", { cause });
}
