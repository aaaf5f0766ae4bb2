/** A line of a comparison: in both texts, only in the former, only in the latter. */
interface Line {
  readonly mark: " " | "-" | "+";
  readonly text: string;
}

/** More differing lines than this are shown as one block that goes and one that comes. */
const mostEdits = 1000;

/**
 * What `after` changes in `before`, as `diff -u` writes it, without the two lines of names; no lines where nothing is
 * different. `context` equal lines stand around each change.
 */
export function difference(before: string, after: string, context = 3): string[] {
  const lines = compare(linesOf(before), linesOf(after));
  const output: string[] = [];
  let [old, young] = [1, 1];
  for (let index = 0; index < lines.length; ) {
    const end = endOfHunk(lines, index, context);
    if (end === undefined) break;
    const hunk = lines.slice(index, end);
    const start = Math.max(hunk.findIndex(({ mark }) => mark !== " ") - context, 0);
    const shown = hunk.slice(start);
    output.push(`@@ -${range(old + start, shown, "+")} +${range(young + start, shown, "-")} @@`);
    output.push(...shown.map(({ mark, text }) => mark + text));
    old += hunk.filter(({ mark }) => mark !== "+").length;
    young += hunk.filter(({ mark }) => mark !== "-").length;
    index = end;
  }
  return output;
}

function linesOf(text: string): string[] {
  if (text === "") return [];
  return text.replace(/\n$/, "").split("\n");
}

/** From `index`, the end of the equal lines behind the next changes; undefined when no change follows. */
function endOfHunk(lines: readonly Line[], index: number, context: number): number | undefined {
  const isChange = (at: number) => lines[at]?.mark !== " ";
  let last = index;
  while (last < lines.length && !isChange(last)) last++;
  if (last === lines.length) return undefined;
  for (let at = last; at < lines.length && at - last <= 2 * context; at++) if (isChange(at)) last = at;
  return Math.min(last + 1 + context, lines.length);
}

function range(start: number, hunk: readonly Line[], without: "+" | "-"): string {
  const count = hunk.filter(({ mark }) => mark !== without).length;
  return count === 1 ? `${start}` : `${count === 0 ? start - 1 : start},${count}`;
}

function compare(before: readonly string[], after: readonly string[]): Line[] {
  let head = 0;
  while (head < before.length && head < after.length && before[head] === after[head]) head++;
  let tail = 0;
  const least = Math.min(before.length, after.length) - head;
  while (tail < least && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail++;
  const equal = (text: string): Line => ({ mark: " ", text });
  return [
    ...before.slice(0, head).map(equal),
    ...shortestEdit(before.slice(head, before.length - tail), after.slice(head, after.length - tail)),
    ...before.slice(before.length - tail).map(equal),
  ];
}

/**
 * E. W. Myers, An O(ND) Difference Algorithm and Its Variations (1986): after `edits` insertions and deletions, how far
 * one gets on each diagonal; then the way back.
 */
function shortestEdit(before: readonly string[], after: readonly string[]): Line[] {
  const reached: Map<number, number>[] = [];
  let furthest = new Map([[1, 0]]);
  for (let edits = 0; edits <= Math.min(before.length + after.length, mostEdits); edits++) {
    reached.push(new Map(furthest));
    furthest = new Map(furthest);
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      let x = firstStep(furthest, diagonal, edits).x;
      while (x < before.length && x - diagonal < after.length && before[x] === after[x - diagonal]) x++;
      furthest.set(diagonal, x);
      if (x >= before.length && x - diagonal >= after.length) return wayBack(before, after, reached);
    }
  }
  return [...before.map((text): Line => ({ mark: "-", text })), ...after.map((text): Line => ({ mark: "+", text }))];
}

/** Whether `diagonal` is best entered by an insertion (from the diagonal above) or a deletion, and where that leads. */
function firstStep(furthest: ReadonlyMap<number, number>, diagonal: number, edits: number) {
  const [above, below] = [furthest.get(diagonal + 1) ?? -1, furthest.get(diagonal - 1) ?? -1];
  const inserts = diagonal === -edits || (diagonal !== edits && below < above);
  return inserts ? { from: diagonal + 1, x: above } : { from: diagonal - 1, x: below + 1 };
}

function wayBack(before: readonly string[], after: readonly string[], reached: readonly Map<number, number>[]): Line[] {
  const lines: Line[] = [];
  let [x, y] = [before.length, after.length];
  const equalUntil = (start: number) => {
    for (; x > start && y > 0; y--) lines.push({ mark: " ", text: before[--x] ?? "" });
  };
  for (let edits = reached.length - 1; edits > 0; edits--) {
    const { from, x: entered } = firstStep(reached[edits] ?? new Map<number, number>(), x - y, edits);
    equalUntil(entered);
    const inserted = from > x - y;
    lines.push(inserted ? { mark: "+", text: after[--y] ?? "" } : { mark: "-", text: before[--x] ?? "" });
  }
  equalUntil(0);
  return lines.reverse();
}
