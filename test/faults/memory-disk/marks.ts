import { configName, type Folder, triggerName } from "../harness/folder.ts";
import { recordsIn } from "../harness/records.ts";
import type { Start } from "./history.ts";
import type { Ended } from "./world.ts";

/** One start, or two at once, and the folder around it. */
export interface Passage {
  readonly start: Start;
  readonly all: readonly Ended[];
  readonly before: Folder;
  readonly after: Folder;
}

/**
 * States that the random histories must come through to be worth anything: without these, what they do not find would
 * say nothing. The usual run is red when it misses one.
 */
export const marks = {
  "killed with nothing but an intent": ({ all, after }) => wasKilled(all) && counts(after) === "intents",
  "killed with what the server granted in the journal": ({ all, after }) => wasKilled(all) && counts(after) === "both",
  "killed between the configuration and the trigger's new name": ({ all, before, after }) =>
    wasKilled(all) && isConfigNew(before, after) && after.has(triggerName),
  "killed between the trigger's new name and the end of the journal": ({ all, before, after }) =>
    wasKilled(all) && isConfigNew(before, after) && !after.has(triggerName) && counts(after) !== "none",
  "killed in the middle of a write": ({ start, all }) =>
    wasKilled(all) && start.interruptions.some((each) => each.do === "tear"),
  "begun with an intent of a former start": ({ before }) => counts(before) === "intents",
  "begun with what a former start was granted": ({ before }) => counts(before) === "both",
  "begun with a granted record alone": ({ before }) => counts(before) === "received",
  "a server known again under another name": ({ all }) =>
    all.some(({ outcome }) => outcome?.warnings.some(({ code }) => code === "SERVER_RECOGNISED")),
  "ended with a second name": ({ after }) => intents(after) === 2,
  "ended with a third name": ({ after }) => intents(after) === 3,
  "two starts that both came to their end": ({ all }) => all.length === 2 && !wasKilled(all),
  "provisioned at the first start": ({ all, before }) =>
    results(all).includes("provisioned") && counts(before) === "none",
  "provisioned by what a former start left": ({ all, before }) =>
    results(all).includes("provisioned") && counts(before) !== "none",
  "already provisioned": ({ all }) => results(all).includes("already_provisioned"),
  "refused for good": ({ all }) => statuses(all).includes(77),
  "later, perhaps": ({ all }) => statuses(all).includes(75),
  "a disk that fails": ({ all }) => statuses(all).includes(74),
  "a disk that cannot be written": ({ all }) => statuses(all).includes(73),
  "the power cut with an unfinished journal": ({ start, after }) => start.powerCut !== null && counts(after) !== "none",
} as const satisfies Record<string, (passage: Passage) => boolean>;

export type Mark = keyof typeof marks;

export const allMarks: readonly Mark[] = Object.keys(marks).filter((name): name is Mark => Object.hasOwn(marks, name));

export function marksOf(passage: Passage): readonly Mark[] {
  return allMarks.filter((mark) => marks[mark](passage));
}

function wasKilled(all: readonly Ended[]): boolean {
  return all.some(({ outcome }) => outcome === undefined);
}

function results(all: readonly Ended[]): readonly (string | undefined)[] {
  return all.map(({ outcome }) => outcome?.result);
}

function statuses(all: readonly Ended[]): readonly (number | undefined)[] {
  return all.map(({ outcome }) => outcome?.exitStatus);
}

function counts(folder: Folder): "none" | "intents" | "received" | "both" {
  const kinds = new Set(recordsIn(folder).map(({ kind }) => kind));
  if (kinds.size === 2) return "both";
  return kinds.has("intent") ? "intents" : kinds.has("received") ? "received" : "none";
}

function intents(folder: Folder): number {
  return recordsIn(folder).filter(({ kind }) => kind === "intent").length;
}

function isConfigNew(before: Folder, after: Folder): boolean {
  const bytes = after.get(configName)?.bytes;
  return bytes !== undefined && before.get(configName)?.bytes.equals(bytes) !== true;
}
