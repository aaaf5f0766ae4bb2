import type { Answer } from "../faults/situation.ts";
import { type Level, suback } from "../mqtt/packets.ts";

/** The answer to a SUBSCRIBE. */
export function subscribed(level: Level, id: number, codes: readonly number[]): Answer {
  return {
    packets: () => [suback(level, id, codes)],
    withCode: (code) => [
      suback(
        level,
        id,
        codes.map(() => code),
      ),
    ],
  };
}
