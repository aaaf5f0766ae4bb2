import { join } from "node:path";
import type { Sent } from "../../model/journal.ts";
import { isSameServer } from "../../model/server-identity.ts";
import { createOnce } from "../disk/durable-files.ts";
import { during } from "../disk/file-error.ts";
import type { FileSystem } from "../disk/file-system.ts";
import { privateRights } from "../disk/rights.ts";
import { journalName } from "../file-names.ts";
import { readContents } from "./journal-contents.ts";
import { journalPath, recordName } from "./journal-folder.ts";
import { encodeSent } from "./journal-records.ts";

/** A name may lead to another address each day; by any of these the server is known again. */
const mostSent = 16;

/**
 * Writes down where a request is about to go, durably, beside the intent of `host`; once for each server. To be called
 * before the first byte is sent.
 */
export function writeSent(fs: FileSystem, directory: string, host: string, sent: Omit<Sent, "number">): void {
  during(`writing the journal in ${join(directory, journalName)}`, () => {
    const folder = journalPath(directory, host);
    const written = readContents(fs, folder).sent;
    const isThere = written.some((each) => isSameServer(each, sent) || isAlike(each, sent));
    if (isThere || written.length >= mostSent) return;
    for (let number = (written.at(-1)?.number ?? 0) + 1; ; number++) {
      const path = join(folder, recordName({ kind: "sent", number }));
      const bytes = encodeSent({ ...sent, number }, host);
      if (createOnce(fs, path, bytes, { rights: privateRights, withoutLinks: "exclusive" }) === "created") return;
    }
  });
}

/** Also where nothing is known of either. */
function isAlike(one: Omit<Sent, "number">, other: Omit<Sent, "number">): boolean {
  return one.address === other.address && one.port === other.port && one.publicKey === other.publicKey;
}
