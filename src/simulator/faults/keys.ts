/** When a connection ends: instead of the work, after the work but before the answer, in the answer, after it. */
export const moments = [
  "before the work",
  "before the answer",
  "after the acknowledgement",
  "after the answer",
] as const;
export type Moment = (typeof moments)[number];

/** What the value of a fault's key may be. */
export type Kind =
  | { readonly kind: "milliseconds" }
  | { readonly kind: "text" }
  | { readonly kind: "number"; readonly least: number; readonly most: number; readonly expected: string }
  | { readonly kind: "choice"; readonly of: readonly string[] }
  /** One of the words, or so many milliseconds later. */
  | { readonly kind: "choice or later"; readonly of: readonly string[] };

/** A key of a fault; one with a default may be left out. */
export type Key = Kind & { readonly optional?: true };
export type Keys = Readonly<Record<string, Key>>;

type ValueOf<K extends Kind> = K extends { readonly kind: "choice"; readonly of: readonly (infer Word)[] }
  ? Word
  : K extends { readonly kind: "choice or later"; readonly of: readonly (infer Word)[] }
    ? Word | { readonly after: number }
    : K extends { readonly kind: "text" }
      ? string
      : number;

/** The values that stand under the keys. */
export type ValuesOf<K extends Keys> = {
  readonly [Name in keyof K as K[Name] extends { readonly optional: true } ? never : Name]: ValueOf<K[Name]>;
} & {
  readonly [Name in keyof K as K[Name] extends { readonly optional: true } ? Name : never]?: ValueOf<K[Name]>;
};

export const duration = { kind: "milliseconds" } as const;
export const text = { kind: "text" } as const;
export const code = { kind: "number", least: 0, most: 255, expected: "a code, 0 to 255" } as const;
export const bytes = {
  kind: "number",
  least: 0,
  most: Number.MAX_SAFE_INTEGER,
  expected: "a number of bytes, from 0",
} as const;
export const count = {
  kind: "number",
  least: 1,
  most: 1_000_000,
  expected: "a whole number from 1 to 1000000",
} as const;

export function choice<const Words extends readonly string[]>(...of: Words) {
  return { kind: "choice", of } as const;
}

export function choiceOrLater<const Words extends readonly string[]>(...of: Words) {
  return { kind: "choice or later", of } as const;
}

/** The key may be left out. */
export function optional<const K extends Kind>(kind: K): K & { readonly optional: true } {
  return { ...kind, optional: true };
}
