import {
  type JournalRead,
  readJournal,
  reserveReceived,
  writeIntent,
  writeReceived,
  writeSent,
} from "../files/journal/journal.ts";
import type { Intent, Received, Sent } from "../model/journal.ts";
import type { Surroundings } from "./surroundings.ts";

type Awaitable<Value> = Value | Promise<Value>;

/**
 * Where a run keeps what must outlive it. What was written is durable when the call ends: the camera's own is in files,
 * a factory station's in a ledger.
 */
export interface JournalPort {
  read(): Awaitable<JournalRead>;
  /** Writes an intent down once. `exists`: another run was first, and its intent counts. */
  writeIntent(intent: Intent): Awaitable<"written" | "exists">;
  /** Writes down where a request is about to go; nothing where it is kept for one server only. */
  writeSent(sent: Omit<Sent, "number">): Awaitable<void>;
  /** Makes room for an answer, before the server is asked for it. */
  reserveReceived(): Awaitable<void>;
  /** Writes down what the server gave; under the next number where this one is taken. */
  writeReceived(received: Received): Awaitable<Received>;
}

/** The journal of `host` in a camera's folder. */
export function fileJournal(
  { files, directory, clock }: Pick<Surroundings, "files" | "directory" | "clock">,
  host: string,
): JournalPort {
  return {
    read: () => readJournal(files, directory, host, clock.now()),
    writeIntent: (intent) => writeIntent(files, directory, intent),
    writeSent: (sent) => writeSent(files, directory, host, sent),
    reserveReceived: () => reserveReceived(files, directory, host),
    writeReceived: (received) => writeReceived(files, directory, host, received),
  };
}
