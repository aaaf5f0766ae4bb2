/** As much of SVG as the diagrams of docs/ need: boxes, arrows and words, dark on white so that every page can show them. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly lines: readonly string[];
  readonly kind?: "plain" | "good" | "bad";
}

const lineHeight = 16;
const fills = { plain: "#eef3f8", good: "#e3f4e6", bad: "#fbe9e7" } as const;

export function heightOf({ lines }: Box): number {
  return lines.length * lineHeight + 12;
}

export function box(drawn: Box): string {
  const { x, y, width, lines, kind = "plain" } = drawn;
  const words = lines.map((line, index) =>
    text(x + width / 2, y + 6 + lineHeight * (index + 0.75), line, { anchor: "middle" }),
  );
  return [
    `<rect x="${x}" y="${y}" width="${width}" height="${heightOf(drawn)}" rx="4" fill="${fills[kind]}" stroke="#456"/>`,
    ...words,
  ].join("\n");
}

export function text(
  x: number,
  y: number,
  words: string,
  { anchor = "start" }: { readonly anchor?: string } = {},
): string {
  return `<text x="${x}" y="${y}" text-anchor="${anchor}">${escaped(words)}</text>`;
}

/** An arrow along `path`, in SVG's own words: `M 0 0 L 10 0`. */
export function arrow(path: string): string {
  return `<path d="${path}" fill="none" stroke="#456" marker-end="url(#tip)"/>`;
}

export function drawing(title: string, width: number, height: number, parts: readonly string[]): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" font-family="sans-serif" font-size="12" fill="#123">
<title>${escaped(title)}</title>
<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M 0 0 L 8 4 L 0 8 z" fill="#456"/></marker></defs>
<rect width="${width}" height="${height}" fill="#fff"/>
${parts.join("\n")}
</svg>
`;
}

function escaped(words: string): string {
  return words.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
