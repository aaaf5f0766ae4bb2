import type { ErrorCode } from "../../../src/model/errors.ts";
import type { Authorities } from "./authorities.ts";
import type { Meeting } from "./meeting.ts";

/** A row of the table of TLS servers. */
export interface TlsServer {
  /** How a run ends there: code and exit status. */
  readonly ends: "accepted" | `${ErrorCode} ${number}`;
  /** What is said first, without the server's place and the system's own word for it; what warns, where it is accepted. */
  readonly says: string;
  /** Makes the certificates that it takes. */
  readonly meets: (from: Authorities) => Meeting;
}

export type TlsServers = Readonly<Record<string, TlsServer>>;

/** A server that is accepted without a word. */
export function accepted(meets: TlsServer["meets"]): TlsServer {
  return { ends: "accepted", says: "", meets };
}
