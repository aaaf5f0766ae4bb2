/** A span of time in milliseconds. The brand keeps a bare number, whose unit nobody knows, from passing for one. */
export type Duration = number & { readonly [milli]: true };
declare const milli: unique symbol;

export function milliseconds(count: number): Duration {
  return count as Duration;
}

export function seconds(count: number): Duration {
  return milliseconds(count * 1000);
}

/** For people: `250 ms`, `1.5 s`, `30 s`, `2 min 30 s`. */
export function inWords(duration: Duration): string {
  if (duration < 1000) return `${Math.round(duration)} ms`;
  const tenths = Math.round(duration / 100) / 10;
  if (tenths < 10) return `${tenths} s`;
  const whole = Math.round(duration / 1000);
  if (whole < 60) return `${whole} s`;
  const rest = whole % 60;
  return rest === 0 ? `${Math.floor(whole / 60)} min` : `${Math.floor(whole / 60)} min ${rest} s`;
}
