import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { nodeFileSystem } from "../../../src/files/disk/file-system.ts";
import {
  readJournal,
  viewJournals,
  writeIntent,
  writeReceived,
  writeSent,
} from "../../../src/files/journal/journal.ts";
import { moveJournal } from "../../../src/files/journal/move-journal.ts";
import { Killed, killedAtStep, recorded } from "../disk/watched-file-system.ts";
import { host, intent, received } from "../sample.ts";

const now = new Date("2026-11-28T12:00:00Z");
const names = { from: host, to: "tb.example" };
const sentTo = { address: "192.0.2.7", port: 1883, publicKey: null };

function folderWithJournal(): string {
  const directory = mkdtempSync(join(tmpdir(), "journal-"));
  writeIntent(nodeFileSystem, directory, intent());
  writeIntent(nodeFileSystem, directory, intent({ number: 2, deviceName: "thermal-camera-SECOND" }));
  const { attemptId } = intent();
  writeSent(nodeFileSystem, directory, host, { attemptId, sentAt: now, ...sentTo });
  writeReceived(nodeFileSystem, directory, host, received());
  return directory;
}

function journalIn(directory: string, of: string) {
  const { intents, received: answers } = readJournal(nodeFileSystem, directory, of, now);
  return { intents: intents.map(({ host: _, ...rest }) => rest), answers };
}

it("moves a journal to the server's other name, every record as it was, and leaves nothing behind", () => {
  const directory = folderWithJournal();
  const before = journalIn(directory, names.from);
  moveJournal(nodeFileSystem, directory, names, now);
  expect(journalIn(directory, names.to)).toEqual(before);
  expect(readdirSync(join(directory, ".thermal-provision"))).toEqual([names.to]);
  const [view] = viewJournals(nodeFileSystem, directory);
  expect(view).toMatchObject({ host: names.to, isUnsent: false, sent: [sentTo] });
  rmSync(directory, { recursive: true });
});

it("is whole under one of the two names wherever it is killed, and is moved to its end by another call", () => {
  const before = journalIn(folderWithJournal(), names.from);
  const watching = recorded();
  moveJournal(watching.files, folderWithJournal(), names, now);
  const steps = watching.calls.flatMap((call, at) => (/^(write|link|unlink|removeFolder) /.test(call) ? [at + 1] : []));
  expect(steps.length).toBeGreaterThan(10);
  for (const step of steps) {
    const directory = folderWithJournal();
    expect(() => moveJournal(killedAtStep(step), directory, names, now), `step ${step}`).toThrow(Killed);
    const former = journalIn(directory, names.from);
    const isWhole = [former, journalIn(directory, names.to)].some(
      (journal) => JSON.stringify(journal) === JSON.stringify(before),
    );
    expect(isWhole, `killed before call ${step}`).toBe(true);
    moveJournal(nodeFileSystem, directory, names, now);
    expect(journalIn(directory, names.to), `killed before call ${step}`).toEqual(before);
    expect(journalIn(directory, names.from)).toEqual({ intents: [], answers: [] });
    rmSync(directory, { recursive: true });
  }
});
