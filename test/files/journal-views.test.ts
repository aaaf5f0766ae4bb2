import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  findCommitted,
  hasJournal,
  readJournal,
  removeJournal,
  viewJournals,
  writeIntent,
  writeReceived,
} from "../../src/files/journal.ts";
import { look } from "../../src/files/look.ts";
import { cameraFolder } from "./camera-folder.ts";
import { attemptId, host, intent, received } from "./sample.ts";
import { recorded, unsynced } from "./watched-file-system.ts";

const fs = unsynced;
const folder = ".thermal-provision/eu.thingsboard.cloud";

function folderWithIntent(): string {
  const directory = cameraFolder();
  writeIntent(fs, directory, intent());
  return directory;
}

describe("the journals of several servers", () => {
  it("do not touch each other", () => {
    const directory = folderWithIntent();
    const elsewhere = intent({ host: "fe80::1", attemptId: "elsewhere" });
    writeIntent(fs, directory, elsewhere);
    expect(readJournal(fs, directory, host).intents).toEqual([intent()]);
    expect(readJournal(fs, directory, "fe80::1").intents).toEqual([elsewhere]);
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
    expect(findCommitted(fs, directory, attemptId)).toEqual({ host, newIdentity: false });
    expect(findCommitted(fs, directory, "second")).toEqual({ host: "tb.example", newIdentity: true });
    expect(findCommitted(fs, directory, "third")).toBeUndefined();
    expect(findCommitted(fs, directory, null)).toBeUndefined();
    fs.unlink(join(directory, ".thermal-provision/tb.example/intent-1.json"));
    expect(findCommitted(fs, directory, "second")).toEqual({ host: "tb.example", newIdentity: false });
  });

  it("are searched and viewed without any change", () => {
    const directory = folderWithIntent();
    writeFileSync(join(directory, folder, "received-1.json"), "{");
    const { files, calls } = recorded();
    findCommitted(files, directory, "third");
    viewJournals(files, directory);
    hasJournal(files, directory, host);
    look(files, directory);
    expect(calls.filter((call) => !/^(open .* (read|folder)|read|stat|lstat|list|close)\b/.test(call))).toEqual([]);
  });
});
