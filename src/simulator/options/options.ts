import type { ServerOptions } from "../server/server.ts";

/** How a simulator is set up: the server, and where it is reached. */
export interface SimulatorOptions extends ServerOptions {
  /** Default 127.0.0.1: only this machine. */
  readonly host?: string;
  /** Default 0: any free port. */
  readonly port?: number;
  /** A port for HTTP as well: the device API to provision by, and a page for testers. 0: any free one. Default: none. */
  readonly httpPort?: number;
  /** Where HTTP listens, whatever `host` is: the page shows every token. Default 127.0.0.1: only this machine. */
  readonly httpHost?: string;
  /** PEM texts; with them the port speaks TLS. A client certificate is asked for and not demanded, as by the server. */
  readonly tls?: { readonly key: string; readonly cert: string };
}
