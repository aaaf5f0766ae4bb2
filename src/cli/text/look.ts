import type { Io } from "../io.ts";
import { type Styles, stylesFor } from "./styles.ts";

/** How text looks: its width in characters, and its styles. */
export interface Look {
  readonly width: number;
  readonly styles: Styles;
}

/** Longer lines than this are tiring to read, however wide the terminal is. */
const widest = 100;

export function lookOf({ columns, colours }: Pick<Io, "columns" | "colours">): Look {
  return { width: Math.min(columns, widest), styles: stylesFor({ colours }) };
}
