import type { Plays } from "./plays.ts";

/** One line of the specification, and what shows how it is here. */
export type Line = {
  /** Where it stands in the document. */
  readonly line: number;
  /** What it begins with, without its marks. */
  readonly says: string;
  /** What is looked at, and what is to be seen there. */
  readonly seen: string;
  /** The subject of the row of docs/specification.md that says why it is done otherwise. */
  readonly differs?: string;
} & Shown;

type Shown =
  /** By what the commands did: this is found, and is to be that. */
  | { readonly finds: (plays: Plays) => unknown; readonly is: unknown }
  /** By a test that exists: its file, and the title. */
  | { readonly test: readonly [file: string, title: string] }
  /** It speaks of another programming language. */
  | { readonly elsewhere: true };

/** Of a mistake in `provision.json`, and in an entity of the library: the field that is complained of. */
export function complaint({ error }: { readonly error: Readonly<Record<string, unknown>> }, field: string): boolean {
  const problems: readonly unknown[] = Array.isArray(error["problems"]) ? error["problems"] : [];
  return problems.some((problem) => Object(problem)["path"]?.[0] === field);
}

export const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
export const moment = /^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;

/** The states of a provisioning without trouble. */
export const walk = [
  ...["IDLE", "DETECTING_FILES", "LOADING_CONFIG", "CONNECTING", "SENDING_REQUEST", "WAITING_RESPONSE"],
  ...["VALIDATING_RESPONSE", "UPDATING_CONFIG", "COMPLETED"],
];
