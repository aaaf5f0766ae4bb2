import { isDeepStrictEqual } from "node:util";
import { type Facts, type LoginFact, levelOf } from "./facts.ts";

/** An administrator changed a device's token, or deleted the device (no `to`). */
export interface Change {
  readonly at: number;
  readonly from: string;
  readonly to: string | undefined;
}

/** Told by a token that was let in and then was not, or by a session that the server ended in the middle of silence. */
export function changesOf(facts: Facts): Change[] {
  return facts.logins.flatMap((login): Change[] => {
    const from = login.packet.username;
    if (login.code !== 0 || from === undefined) return [];
    const refused = facts.logins.find((later) => later.at > login.at && isUnknown(later) && saysTheSame(later, login));
    const end = silentEnd(login.connection, facts);
    const at = end ?? refused?.at;
    if (at === undefined) return [];
    const next = facts.logins.find((later) => later.at >= at && later.code === 0);
    return [{ at: at - 1, from, to: next?.packet.username }];
  });
}

/** Another client id or password may be what is refused. */
function saysTheSame({ packet: one }: LoginFact, { packet: other }: LoginFact): boolean {
  const parts = [one, other].map(({ username, clientId, password }) => [username, clientId, password?.toString()]);
  return isDeepStrictEqual(parts[0], parts[1]);
}

/** Refused because nobody knows the credentials; not because the server had no time. */
export function isUnknown({ code }: LoginFact): boolean {
  return code === 2 || code === 5 || code === 0x85 || code === 0x86;
}

/** When the server ended the connection although nothing was sent for a while and no newer session took over. */
function silentEnd(connection: number, { recording, logins }: Facts): number | undefined {
  const known = recording.connections.find(({ number }) => number === connection);
  const packets = recording.packets.filter((packet) => packet.connection === connection);
  const lastSent = packets.findLast(({ sent }) => sent);
  const end = known?.endedAt;
  if (end === null || end === undefined || known?.endedBy !== "server" || lastSent?.bytes[0] !== 0x10) return undefined;
  const disconnected = packets.some(({ sent, bytes }) => !sent && bytes[0] === 0xe0 && bytes[2] === 0x98);
  const takenOver = logins.some(
    ({ at, code, connection: other }) => other !== connection && code === 0 && at < end && at > lastSent.at,
  );
  return takenOver || (levelOf(recording, connection) === 5 && !disconnected) ? undefined : end;
}
