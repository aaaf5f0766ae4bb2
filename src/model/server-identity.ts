/** What a connection tells of the server at its other end, whatever its name is. */
export interface ServerIdentity {
  /** Where it was reached; null where a proxy was. */
  readonly address: string | null;
  readonly port: number;
  /** `sha256/…`, of the certificate that was verified; null in plain text. */
  readonly publicKey: string | null;
}

/** Nothing is known of it. */
export const unknownServer: ServerIdentity = { address: null, port: 0, publicKey: null };

/**
 * Whether both are the same server for certain. With TLS the verified key tells, wherever it is; in plain text the address
 * and the port do. Between the two kinds nothing does.
 */
export function isSameServer(one: ServerIdentity, other: ServerIdentity): boolean {
  if (one.publicKey !== null || other.publicKey !== null) return one.publicKey === other.publicKey;
  return one.address !== null && one.address === other.address && one.port === other.port;
}
