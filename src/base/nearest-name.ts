/**
 * The known name that `name` was probably meant to be, or undefined when none is near: one that differs in a few
 * letters, else the only one that has all words of `name` (`timeout` for `timeout_seconds`). Case does not count.
 */
export function nearestName(name: string, known: Iterable<string>): string | undefined {
  const names = [...known];
  return nearestSpelling(name, names) ?? onlyWithWordsOf(name, names);
}

function nearestSpelling(name: string, known: readonly string[]): string | undefined {
  let nearest: string | undefined;
  let least = Math.max(1, Math.floor(Math.min(name.length, 64) * 0.4)) + 1;
  for (const candidate of known) {
    if (Math.abs(candidate.length - name.length) >= least) continue;
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase());
    if (distance < least) [nearest, least] = [candidate, distance];
  }
  return nearest;
}

function onlyWithWordsOf(name: string, known: readonly string[]): string | undefined {
  if (name.length > 64) return undefined;
  const words = wordsOf(name);
  const [first, ...others] = known.filter((candidate) => words.every((word) => wordsOf(candidate).includes(word)));
  return words.length > 0 && others.length === 0 ? first : undefined;
}

function wordsOf(name: string): readonly string[] {
  return name.toLowerCase().match(/[a-z0-9]+/g) ?? [];
}

/** How many single characters must be put in, taken out, changed, or swapped with their neighbour. */
function editDistance(from: string, to: string): number {
  let before: number[] = [];
  let above = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const same = from[row - 1] === to[column - 1];
      let distance = Math.min(
        (above[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (above[column - 1] ?? 0) + (same ? 0 : 1),
      );
      const swapped = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      if (row > 1 && column > 1 && swapped) distance = Math.min(distance, (before[column - 2] ?? 0) + 1);
      current.push(distance);
    }
    [before, above] = [above, current];
  }
  return above[to.length] ?? 0;
}
