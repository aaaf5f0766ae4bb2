import { fstatSync } from "node:fs";

/**
 * Whether standard output is the stream to systemd's journal that `$JOURNAL_STREAM` names (systemd.exec(5)): a pipe of
 * somebody in between is another file.
 */
export function isJournalStream(stream: string | undefined): boolean {
  if (stream === undefined) return false;
  try {
    const { dev, ino } = fstatSync(1, { bigint: true });
    return stream === `${dev}:${ino}`;
  } catch {
    return false;
  }
}
