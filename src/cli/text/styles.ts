import { styleText } from "node:util";

/** How things look. Every style has one meaning, so that colour never says anything that the words do not. */
export interface Styles {
  readonly strong: Style;
  readonly faint: Style;
  readonly good: Style;
  readonly bad: Style;
  readonly attention: Style;
}

type Style = (text: string) => string;

export function stylesFor({ colours }: { readonly colours: boolean }): Styles {
  const style =
    (...formats: ("bold" | "dim" | "green" | "red" | "yellow")[]): Style =>
    (text) =>
      colours ? styleText(formats, text, { validateStream: false }) : text;
  return {
    strong: style("bold"),
    faint: style("dim"),
    good: style("bold", "green"),
    bad: style("bold", "red"),
    attention: style("yellow"),
  };
}
