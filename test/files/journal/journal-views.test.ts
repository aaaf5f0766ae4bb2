import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { FileSystem } from "../../../src/files/disk/file-system.ts";
import {
  checkJournal,
  findCommitted,
  hasJournal,
  readJournal,
  removeJournal,
  viewJournals,
  writeIntent,
  writeReceived,
} from "../../../src/files/journal/journal.ts";
import { folderOf, journalPath, listOrNothing } from "../../../src/files/journal/journal-folder.ts";
import { look } from "../../../src/files/look.ts";
import { cameraFolder, folderWithIntent } from "../camera-folder.ts";
import { recorded, unsynced } from "../disk/watched-file-system.ts";
import { attemptId, host, intent, now, received } from "../sample.ts";

const fs = unsynced;
const folder = ".thermal-provision/eu.thingsboard.cloud";

describe("the journals of several servers", () => {
  it("do not touch each other", () => {
    const directory = folderWithIntent();
    const elsewhere = intent({ host: "fe80::1", attemptId: "elsewhere" });
    writeIntent(fs, directory, elsewhere);
    expect(readJournal(fs, directory, host, now).intents).toEqual([intent()]);
    expect(readJournal(fs, directory, "fe80::1", now).intents).toEqual([elsewhere]);
    expect(look(fs, directory).unfinished).toEqual([host, "fe80_3a_3a1"]);
    expect(viewJournals(fs, directory).map(({ intents }) => intents[0]?.host)).toEqual([host, "fe80::1"]);
    removeJournal(fs, directory, host);
    expect(hasJournal(fs, directory, host)).toBe(false);
    expect(hasJournal(fs, directory, "fe80::1")).toBe(true);
  });

  it("are searched for an attempt that the configuration carries already", () => {
    const directory = folderWithIntent();
    writeIntent(fs, directory, intent({ host: "tb.example", attemptId: "second", newIdentity: true }));
    writeReceived(fs, directory, "tb.example", received({ attemptId: "second" }));
    expect(findCommitted(viewJournals(fs, directory), attemptId)).toEqual({ host, newIdentity: false });
    expect(findCommitted(viewJournals(fs, directory), "second")).toEqual({ host: "tb.example", newIdentity: true });
    expect(findCommitted(viewJournals(fs, directory), "third")).toBeUndefined();
    fs.unlink(join(directory, ".thermal-provision/tb.example/intent-1.json"));
    expect(findCommitted(viewJournals(fs, directory), "second")).toEqual({ host: "tb.example", newIdentity: false });
  });

  it("carry no attempt that a configuration without one could name", () => {
    expect(findCommitted(viewJournals(fs, folderWithIntent()), null)).toBeUndefined();
  });

  it("are named after the server in their records, also where the folder does not tell", () => {
    const long = "a".repeat(253);
    const directory = cameraFolder();
    writeIntent(fs, directory, intent({ host: long }));
    expect(viewJournals(fs, directory).map((each) => each.host)).toEqual([long]);
    writeReceived(fs, directory, long, received());
    fs.unlink(join(journalPath(directory, long), "intent-1.json"));
    expect(viewJournals(fs, directory).map((each) => each.host)).toEqual([long]);
    writeFileSync(join(journalPath(directory, long), "received-1.json"), "{");
    expect(viewJournals(fs, directory).map((each) => each.host)).toEqual([folderOf(long)]);
  });

  it("are told in the order of their names, whatever order the disk has", () => {
    const directory = folderWithIntent();
    writeIntent(fs, directory, intent({ host: "tb.example" }));
    const backwards: FileSystem = { ...fs, list: (path) => [...fs.list(path)].sort().reverse() };
    expect(look(backwards, directory).unfinished).toEqual([host, "tb.example"]);
    expect(listOrNothing(fs, join(directory, "missing"))).toEqual([]);
  });

  it("are viewed without a record that is removed meanwhile, and not stopped by it", () => {
    const directory = folderWithIntent();
    const removing: FileSystem = {
      ...fs,
      list: (path) => [...fs.list(path), path.endsWith(host) ? "intent-2.json" : "gone.example"],
    };
    expect(viewJournals(removing, directory).map(({ intents }) => intents)).toEqual([[intent()]]);
    expect(checkJournal(removing, directory, host)).toBe(true);
  });

  it("are checked without a lock: whether they lead anywhere, and whether they could be acted on", () => {
    const directory = folderWithIntent();
    expect(checkJournal(fs, directory, "tb.example")).toBe(false);
    expect(checkJournal(fs, directory, host)).toBe(true);
    writeReceived(fs, directory, host, received());
    expect(checkJournal(fs, directory, host)).toBe(true);
    fs.unlink(join(directory, folder, "intent-1.json"));
    expect(checkJournal(fs, directory, host)).toBe(true);
    writeFileSync(join(directory, folder, "received-1.json"), "x");
    expect(() => checkJournal(fs, directory, host)).toThrow(
      expect.objectContaining({ errorCode: "JOURNAL_UNREADABLE" }),
    );
    fs.unlink(join(directory, folder, "received-1.json"));
    expect(checkJournal(fs, directory, host)).toBe(false);
  });

  it("are searched and viewed without any change", () => {
    const directory = folderWithIntent();
    writeFileSync(join(directory, folder, "received-1.json"), "{");
    const { files, calls } = recorded();
    viewJournals(files, directory);
    hasJournal(files, directory, host);
    look(files, directory);
    expect(calls.filter((call) => !/^(open .* (read|folder)|read|stat|lstat|list|close)\b/.test(call))).toEqual([]);
  });
});
