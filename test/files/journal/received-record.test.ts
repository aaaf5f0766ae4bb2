import { mkdirSync, readFileSync, renameSync, rmdirSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Secret } from "../../../src/base/secret.ts";
import type { FileSystem } from "../../../src/files/disk/file-system.ts";
import {
  readJournal,
  removeJournal,
  reserveReceived,
  writeIntent,
  writeReceived,
} from "../../../src/files/journal/journal.ts";
import { tokenOf } from "../../model/tokens.ts";
import { cameraFolder, filesIn, folderWithIntent, namesIn } from "../camera-folder.ts";
import { Killed, killedAtStep, recorded, systemError, unsynced, withoutLinks } from "../disk/watched-file-system.ts";
import { host, intent, now, received } from "../sample.ts";

const fs = unsynced;
const folder = ".thermal-provision/eu.thingsboard.cloud";

/** A disk on which the reserved room is not seen. */
const withoutRoom: FileSystem = { ...fs, lstat: (path) => (path.endsWith(".reserved") ? undefined : fs.lstat(path)) };

describe("the record of what the server gave", () => {
  it("goes into the room that was reserved for it, and takes no new space", () => {
    const directory = folderWithIntent();
    reserveReceived(fs, directory, host);
    const reserved = join(directory, folder, ".received.reserved");
    expect(statSync(reserved)).toMatchObject({ size: 4096 });
    expect(statSync(reserved).mode & 0o777).toBe(0o600);
    const { inode } = fs.lstat(reserved) ?? {};
    const full: FileSystem = {
      ...fs,
      open(path, access, mode) {
        if (access === "create") throw systemError("ENOSPC", "open");
        return fs.open(path, access, mode);
      },
    };
    writeReceived(full, directory, host, received());
    expect(readJournal(fs, directory, host, now)).toMatchObject({ intents: [intent()], received: [received()] });
    expect(fs.lstat(join(directory, folder, "received-1.json"))).toMatchObject({ inode, size: 4096, mode: 0o600 });
    expect(namesIn(directory)).toEqual([`${folder}/intent-1.json`, `${folder}/received-1.json`]);
  });

  it("is synced before it gets its name, once more after it, and then its folder", () => {
    const directory = folderWithIntent();
    reserveReceived(fs, directory, host);
    const { files, calls, openHandles } = recorded();
    writeReceived(files, directory, host, received());
    expect(calls.filter((call) => /^(open|write|sync|rename)/.test(call))).toEqual([
      "open .received.reserved overwrite",
      "write",
      "sync",
      "rename .received.reserved received-1.json",
      "sync",
      "open eu.thingsboard.cloud folder",
      "sync",
    ]);
    expect(openHandles()).toBe(0);
  });

  it("is taken from its room when a power cut on FAT left its name empty, and its room full", () => {
    const directory = folderWithIntent();
    reserveReceived(fs, directory, host);
    writeReceived(fs, directory, host, received());
    renameSync(join(directory, folder, "received-1.json"), join(directory, folder, ".received.reserved"));
    writeFileSync(join(directory, folder, "received-1.json"), "");
    expect(readJournal(fs, directory, host, now).received).toEqual([received()]);
    expect(namesIn(directory)).toEqual([`${folder}/intent-1.json`, `${folder}/received-1.json`]);
  });

  it("is never replaced by what a crash left in the room", () => {
    const directory = folderWithIntent();
    reserveReceived(fs, directory, host);
    const other = received({ credentials: { type: "ACCESS_TOKEN", accessToken: new Secret("other") } });
    writeReceived(fs, directory, host, other);
    renameSync(join(directory, folder, "received-1.json"), join(directory, folder, ".received.reserved"));
    writeReceived(withoutRoom, directory, host, received());
    const before = filesIn(directory);
    expect(readJournal(fs, directory, host, now).received.map(({ credentials }) => tokenOf(credentials))[0]).toBe(
      "the-server-token",
    );
    expect(filesIn(directory)).toEqual(before);
  });

  it("gets the next number when another process takes its own at the same instant", () => {
    const directory = folderWithIntent();
    let taken = false;
    const contested: FileSystem = {
      ...fs,
      link(existing, path) {
        if (!taken) writeFileSync(path, "another");
        taken = true;
        fs.link(existing, path);
      },
    };
    expect(writeReceived(contested, directory, host, received())).toEqual(received({ number: 2 }));
    expect(filesIn(directory)[`${folder}/received-1.json`]).toBe("another");
  });

  it("is never made over another file on a file system without links, and neither is an intent, or the room", () => {
    const directory = cameraFolder();
    const { files, calls } = recorded(withoutLinks(unsynced));
    writeIntent(files, directory, intent());
    writeReceived(files, directory, host, received());
    reserveReceived(files, directory, host);
    expect(calls.filter((call) => /^(rename|open [^ ]*[^p] create)/.test(call))).toEqual([
      "open intent-1.json create",
      "open received-1.json create",
      "open .received.reserved create",
    ]);
  });

  it("is written all the same when no room was reserved", () => {
    const directory = folderWithIntent();
    writeReceived(fs, directory, host, received());
    writeReceived(fs, directory, host, received({ number: 2 }));
    expect(readJournal(fs, directory, host, now).received).toEqual([received(), received({ number: 2 })]);
  });

  it("may be longer than the room", () => {
    const directory = folderWithIntent();
    reserveReceived(fs, directory, host);
    const long = received({ credentials: { type: "ACCESS_TOKEN", accessToken: new Secret("€".repeat(2000)) } });
    writeReceived(fs, directory, host, long);
    const [read] = readJournal(fs, directory, host, now).received;
    expect(read && tokenOf(read.credentials)).toBe("€".repeat(2000));
  });

  it("never replaces an earlier one, whatever that is, and gets the next free number", () => {
    for (const reserve of [reserveReceived, () => {}]) {
      const directory = folderWithIntent();
      writeReceived(fs, directory, host, received());
      mkdirSync(join(directory, folder, "received-2.json"));
      reserve(fs, directory, host);
      const other = received({ credentials: { type: "ACCESS_TOKEN", accessToken: new Secret("other") } });
      expect(writeReceived(fs, directory, host, other)).toEqual({ ...other, number: 3 });
      rmdirSync(join(directory, folder, "received-2.json"));
      expect(readJournal(fs, directory, host, now).received).toEqual([received(), { ...other, number: 3 }]);
    }
  });

  it("has its room reserved once, and again where something else is in the way", () => {
    const directory = folderWithIntent();
    reserveReceived(fs, directory, host);
    const reserved = join(directory, folder, ".received.reserved");
    const first = fs.lstat(reserved)?.inode;
    reserveReceived(fs, directory, host);
    expect(fs.lstat(reserved)?.inode).toBe(first);
    const { files, calls } = recorded(fs);
    reserveReceived(files, directory, host);
    expect(calls).toEqual(["lstat .received.reserved", `lstat ${host}`]);
    truncateSync(reserved, 10);
    reserveReceived(fs, directory, host);
    expect(readFileSync(reserved, "utf8")).toBe(" ".repeat(4096));
  });

  it("survives being killed at every moment: either it is found at the next start, or the intent is", () => {
    let found = 0;
    for (let step = 1; step < 16; step++) {
      const directory = folderWithIntent();
      reserveReceived(fs, directory, host);
      try {
        writeReceived(killedAtStep(step, unsynced), directory, host, received());
      } catch (error) {
        expect(error).toBeInstanceOf(Killed);
      }
      const journal = readJournal(fs, directory, host, now);
      expect(journal.intents).toEqual([intent()]);
      if (journal.received.length > 0) {
        found++;
        expect(journal.received).toEqual([received()]);
      }
      writeReceived(fs, directory, host, received({ number: 2 }));
      removeJournal(fs, directory, host);
      expect(namesIn(directory)).toEqual([]);
    }
    expect(found).toBeGreaterThan(5);
  });
});
