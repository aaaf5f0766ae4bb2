import type { Credentials } from "./credentials.ts";
import type { ServerIdentity } from "./server-identity.ts";

/** One name with one login: what the camera wrote down before it asked the server. */
export interface Intent {
  /** 1 for the first name; further names follow when names are taken. */
  readonly number: number;
  /** The `correlation_id`: one per provisioning, a UUID. */
  readonly attemptId: string;
  /** The server's bare host; the journal is kept per server. */
  readonly host: string;
  readonly deviceName: string;
  /** What the camera offers; the same under every name of an attempt. */
  readonly credentials: Credentials;
  /** Whether they came with `provision.json`: then the camera did not make them, and they may be another device's. */
  readonly knownInAdvance: boolean;
  /** A short hash of the credentials that the configuration held when the intent was made; null for none. */
  readonly replaces: string | null;
  /** Made with `--new-identity`; asked for again, such an intent goes on instead of giving way to one more. */
  readonly newIdentity: boolean;
  /** A hash of the board's serial number, by which a copied card is recognised; null where it is not known. */
  readonly body: string | null;
  readonly createdAt: Date;
}

/** The credentials of a SUCCESS, written down before anything else is done with them. */
export interface Received {
  /** 1 and on; the newest wins. */
  readonly number: number;
  readonly attemptId: string;
  readonly deviceName: string;
  readonly credentials: Credentials;
  readonly deviceId: string | null;
  readonly receivedAt: Date;
  /**
   * A short hash of the credentials known in advance that the server had let in before it gave others for the name;
   * null where it contradicts nothing.
   */
  readonly contradicts: string | null;
}

/**
 * Where the requests of an attempt went, written down before the first byte of one: what has no such record was never
 * sent. By it a server is known again that `provision.json` has under another name since.
 */
export interface Sent extends ServerIdentity {
  /** 1 and on, one for each server that a name led to. */
  readonly number: number;
  readonly attemptId: string;
  readonly sentAt: Date;
}

/** What the journal of one server holds. */
export interface Journal {
  readonly intents: readonly Intent[];
  readonly received: readonly Received[];
}

export const emptyJournal: Journal = { intents: [], received: [] };

/** The attempt that a journal is of; undefined for an empty one. */
export function attemptIdOf({ intents, received }: Journal): string | undefined {
  return (intents[0] ?? received[0])?.attemptId;
}

/** The name that was asked for last; undefined where nothing was begun. */
export function lastNameOf({ intents, received }: Journal): string | undefined {
  return (intents.at(-1) ?? received.at(-1))?.deviceName;
}
