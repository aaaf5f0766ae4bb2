/** The least width that text is wrapped to: below that, reading it is harder than scrolling. */
const narrowest = 20;

/**
 * Breaks `text` at spaces into lines of at most `width` characters; a longer word stays whole, so that it can be copied.
 * Lines of the text stay lines, and one that begins with spaces keeps them on every line that it is broken into. What
 * could write on the terminal by itself is shown as a question mark.
 */
export function wrap(text: string, width: number): string[] {
  return text.split("\n").flatMap((whole) => {
    const line = withoutControls(whole);
    const indent = /^ */.exec(line)?.[0] ?? "";
    const room = Math.max(width - indent.length, narrowest);
    const lines: string[] = [];
    for (const word of line.trim().split(/ +/)) {
      const last = lines.at(-1);
      if (last !== undefined && last.length + 1 + word.length <= room) lines[lines.length - 1] = `${last} ${word}`;
      else lines.push(word);
    }
    return lines.map((part) => indent + part);
  });
}

/** Wraps, with `label` before the first line and as much room before the others. */
export function hanging(label: string, text: string, width: number): string[] {
  const [first = "", ...others] = wrap(text, width - label.length);
  return [label + first, ...others.map((line) => " ".repeat(label.length) + line)];
}

/** As much of one line as fits, for a line that is written again in its place. */
export function cut(text: string, width: number): string {
  const line = withoutControls(text);
  return line.length <= width ? line : `${line.slice(0, Math.max(width - 1, 0))}…`;
}

/** A line of a file as it may be shown on a terminal: with its tabs. */
export function verbatim(line: string): string {
  return line.replaceAll(/(?!\t)\p{Cc}/gu, (sign) => (sign === "\r" ? "" : "?"));
}

function withoutControls(line: string): string {
  return line.replaceAll(/\p{Cc}/gu, "?");
}
