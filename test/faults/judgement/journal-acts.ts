import type { Act, Change, Folder } from "./world.ts";

/** How the folder is treated; a mutant leaves out what the rules ask for. */
export type Treatment =
  | "as designed"
  | "read without syncing"
  | "intent not synced"
  | "trigger first"
  | "no backup"
  | "backup not synced"
  | "contradiction not marked"
  | "one journal for all servers"
  | "the latest order written"
  | "finished whatever was ordered since"
  | "where it is sent to not synced"
  | "other names taken for unsent"
  | "removed before it is moved";

export const sync: Act = { act: "sync" };

export function change(value: Change): Act {
  return { act: "change", change: value };
}

/** What no later start would look for goes first (files/journal/journal.ts). */
export function withoutJournal(host: number): readonly Act[] {
  return [
    change({ drop: "sent", host }),
    sync,
    change({ drop: "intents", host }),
    sync,
    change({ drop: "received", host }),
    sync,
  ];
}

/** A journal of another name, and whether nothing of it was ever sent (run/unfinished.ts). */
export interface Away {
  readonly host: number;
  readonly attempt: string | undefined;
  readonly isUnsent: boolean;
}

export function elsewhere(
  folder: Folder,
  host: number,
  superseded: number | undefined,
  treatment: Treatment,
): readonly Away[] {
  if (treatment === "one journal for all servers") return [];
  return [0, 1].flatMap((other) => {
    const attempt = attemptIn(folder, other);
    if (other === host || other === superseded || attempt === undefined) return [];
    const isGiven = folder.received.some((record) => record.host === other);
    const isSent = isGiven || folder.sent.some((record) => record.host === other);
    return [{ host: other, attempt, isUnsent: !isSent || treatment === "other names taken for unsent" }];
  });
}

export function attemptIn({ intents, received }: Folder, host: number): string | undefined {
  return [...intents, ...received].find((record) => record.host === host)?.attempt;
}

/** Every record is durable under the new name before the first one goes (files/journal/move-journal.ts). */
export function moving(folder: Folder, from: number, to: number, treatment: Treatment): readonly Act[] {
  const isIts = (record: { readonly host: number }) => record.host === from;
  const isThere = (put: "intents" | "received" | "sent") => folder[put].some((record) => record.host === to);
  const changes: readonly Change[] = [
    ...folder.received.filter(isIts).map((value) => ({ put: "received", value: { ...value, host: to } }) as const),
    ...folder.sent.filter(isIts).map((value) => ({ put: "sent", value: { ...value, host: to } }) as const),
    ...folder.intents.filter(isIts).map((value) => ({ put: "intent", value: { ...value, host: to } }) as const),
  ].filter(({ put, value }) => {
    const kind = put === "intent" ? "intents" : put;
    if (!isThere(kind)) return true;
    return kind === "sent"
      ? !folder.sent.some((record) => record.host === to)
      : !folder[kind].some((record) => record.host === to && "number" in value && record.number === value.number);
  });
  const puts = changes.flatMap((each) => [change(each), sync]);
  const gone = withoutJournal(from);
  return treatment === "removed before it is moved" ? [...gone, ...puts] : [...puts, ...gone];
}
