import { mkdirSync, readFileSync, renameSync, statSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { FileSystem } from "../../../src/files/disk/file-system.ts";
import {
  findCommitted,
  readJournal,
  removeJournal,
  reserveReceived,
  setAllAside,
  setAside,
  viewJournals,
  writeIntent,
  writeReceived,
  writeSent,
} from "../../../src/files/journal/journal.ts";
import { encodeIntent, encodeReceived } from "../../../src/files/journal/journal-records.ts";
import { look } from "../../../src/files/look.ts";
import { token } from "../../model/tokens.ts";
import { cameraFolder, filesIn, folderWithIntent, namesIn } from "../camera-folder.ts";
import {
  failingAt,
  failingAtStep,
  Killed,
  killedAtStep,
  recorded,
  unsynced,
  withoutLinks,
} from "../disk/watched-file-system.ts";
import { attemptId, host, intent, now, received } from "../sample.ts";

const fs = unsynced;
const folder = ".thermal-provision/eu.thingsboard.cloud";
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

describe("an intent", () => {
  it("is written once, privately, and read back", () => {
    const directory = cameraFolder();
    expect(writeIntent(fs, directory, intent())).toBe("written");
    expect(namesIn(directory)).toEqual([`${folder}/intent-1.json`]);
    expect(statSync(join(directory, folder, "intent-1.json")).mode & 0o777).toBe(0o600);
    for (const name of [".thermal-provision", folder]) expect(statSync(join(directory, name)).mode & 0o777).toBe(0o700);
    expect(readJournal(fs, directory, host, now)).toEqual({ intents: [intent()], received: [], warnings: [] });
    expect(readJournal(fs, directory, host, now).intents[0]?.credentials).toEqual(token("the-secret-token"));
  });

  it("is never changed: who comes second goes on with the first", () => {
    for (const files of [fs, withoutLinks(unsynced)]) {
      const directory = cameraFolder();
      writeIntent(files, directory, intent());
      const other = intent({ credentials: token("another-token"), attemptId: "other" });
      expect(writeIntent(files, directory, other)).toBe("exists");
      expect(readJournal(files, directory, host, now).intents).toEqual([intent()]);
      expect(namesIn(directory)).toEqual([`${folder}/intent-1.json`]);
    }
  });

  it("is followed by further names with the same secret, in their order", () => {
    const directory = folderWithIntent();
    const names = [intent({ number: 2, deviceName: "b" }), intent({ number: 10, deviceName: "c" })];
    for (const each of names) writeIntent(fs, directory, each);
    expect(readJournal(fs, directory, host, now).intents).toEqual([intent(), ...names]);
  });

  it("is on the disk with the names of all its folders when it is written", () => {
    const directory = cameraFolder();
    const { files, calls, openHandles } = recorded();
    writeIntent(files, directory, intent());
    const order = calls.filter((call) => /^(sync|link|open .* folder|rename|makeFolder)/.test(call));
    expect(order).toEqual([
      "makeFolder .thermal-provision",
      "makeFolder eu.thingsboard.cloud",
      "sync",
      "link .intent-1.json.*.tmp intent-1.json",
      "open eu.thingsboard.cloud folder",
      "sync",
      "open .thermal-provision folder",
      "sync",
      `open ${directory.split("/").at(-1)} folder`,
      "sync",
    ]);
    expect(openHandles()).toBe(0);
  });

  it("is whole or not there, whenever the process is killed, and the next start finds out and cleans up", () => {
    for (const system of [unsynced, withoutLinks(unsynced)]) {
      for (let step = 1; step < 40; step++) {
        const directory = cameraFolder();
        try {
          writeIntent(killedAtStep(step, system), directory, intent());
        } catch (error) {
          expect(error).toBeInstanceOf(Killed);
        }
        const { intents } = readJournal(system, directory, host, now);
        expect(
          intents.length === 0 || text(encodeIntent(intents[0] ?? intent())) === text(encodeIntent(intent())),
        ).toBe(true);
        expect(namesIn(directory)).toEqual(intents.length === 0 ? [] : [`${folder}/intent-1.json`]);
        expect(["written", "exists"]).toContain(writeIntent(system, directory, intent()));
      }
    }
  });

  it("is written, or the run fails and says why, whichever call fails", () => {
    let failures = 0;
    for (let step = 1; step < 30; step++) {
      const directory = cameraFolder();
      const { files, openHandles } = recorded(failingAtStep(step, "ENOSPC", unsynced));
      try {
        expect(writeIntent(files, directory, intent())).toBe("written");
        expect(readJournal(fs, directory, host, now).intents).toEqual([intent()]);
      } catch (error) {
        failures++;
        expect(error).toMatchObject({ errorCode: "NO_SPACE", exitStatus: 73 });
      }
      expect(openHandles()).toBe(0);
    }
    expect(failures).toBeGreaterThan(12);
  });
});

describe("reading the journal", () => {
  it("finds nothing where there is nothing, and makes nothing", () => {
    const directory = cameraFolder();
    expect(readJournal(fs, directory, host, now)).toEqual({ intents: [], received: [], warnings: [] });
    expect(viewJournals(fs, directory)).toEqual([]);
    expect(namesIn(directory)).toEqual([]);
  });

  it("syncs what it finds, files first, then the names that lead to them", () => {
    const directory = folderWithIntent();
    writeReceived(fs, directory, host, received());
    const synced: string[] = [];
    const paths = new Map<number, string>();
    const files: FileSystem = {
      ...fs,
      open(path, access, mode) {
        const handle = fs.open(path, access, mode);
        paths.set(handle, path.slice(directory.length));
        return handle;
      },
      sync(handle) {
        synced.push(paths.get(handle) ?? "?");
        fs.sync(handle);
      },
    };
    readJournal(files, directory, host, now);
    expect(synced).toEqual([
      `/${folder}/intent-1.json`,
      `/${folder}/received-1.json`,
      `/${folder}`,
      "/.thermal-provision",
      "",
    ]);
  });

  it("fails when what it found cannot be synced: acting on it could make a second device", () => {
    const directory = folderWithIntent();
    expect(() => readJournal(failingAt("sync", "EIO", 1), directory, host, now)).toThrow(
      "the disk reported an error (EIO)",
    );
  });

  it("discards an intent that was never completed: it was never sent", () => {
    const directory = folderWithIntent();
    truncateSync(join(directory, folder, "intent-1.json"), 20);
    expect(readJournal(fs, directory, host, now)).toEqual({ intents: [], received: [], warnings: [] });
    expect(namesIn(directory)).toEqual([]);
    expect(writeIntent(fs, directory, intent())).toBe("written");
  });

  it("stops at a damaged intent that alone holds the secret, and changes nothing", () => {
    const whole = text(encodeIntent(intent()));
    const damages = [whole.replace("ABC123", "ABC124"), whole.replace("token", "tok\0n"), whole.replace("{", "["), "x"];
    for (const damaged of damages) {
      const directory = folderWithIntent();
      writeFileSync(join(directory, folder, "intent-1.json"), damaged);
      writeFileSync(join(directory, folder, ".intent-1.json.0123456789abcdef.tmp"), whole);
      const before = filesIn(directory);
      expect(() => readJournal(fs, directory, host, now)).toThrow(
        expect.objectContaining({
          errorCode: "JOURNAL_UNREADABLE",
          exitStatus: 78,
          message: expect.stringMatching(/intent-1\.json is damaged; look on the server .* `thermal-provision reset`$/),
        }),
      );
      expect(filesIn(directory)).toEqual(before);
    }
  });

  it("puts a damaged intent aside with a warning when another record holds the secret", () => {
    const damaged = text(encodeIntent(intent())).replace("ABC123", "ABC124");
    const others: readonly ((directory: string) => void)[] = [
      (directory) => writeIntent(fs, directory, intent({ number: 2 })),
      (directory) => writeReceived(fs, directory, host, received()),
      (directory) => {
        // A crash left the record in its room.
        reserveReceived(fs, directory, host);
        writeReceived(fs, directory, host, received());
        renameSync(join(directory, folder, "received-1.json"), join(directory, folder, ".received.reserved"));
      },
    ];
    for (const write of others) {
      const directory = folderWithIntent();
      write(directory);
      writeFileSync(join(directory, folder, "intent-1.json"), damaged);
      const { intents, received: answers, warnings } = readJournal(fs, directory, host, now);
      expect(intents.length + answers.length).toBe(1);
      const place = join(directory, folder, "intent-1.json.broken.20251023T143000Z");
      expect(readFileSync(place, "utf8")).toBe(damaged);
      expect(warnings).toEqual([
        { code: "JOURNAL_RECORD_DAMAGED", message: expect.stringContaining(`It is ${place} now.`) },
      ]);
      writeFileSync(join(directory, folder, "intent-1.json"), damaged);
      expect(readJournal(fs, directory, host, now).warnings[0]?.message).toContain(`${place}-2`);
    }
  });

  it("falls back to the intent when the received record is corrupt, keeps the broken file, and says so", () => {
    for (const broken of ["", "{", text(encodeReceived(received(), host)).replace("server-token", "server-tokem")]) {
      const directory = folderWithIntent();
      writeFileSync(join(directory, folder, "received-1.json"), broken);
      const { warnings, ...journal } = readJournal(fs, directory, host, now);
      expect(journal).toEqual({ intents: [intent()], received: [] });
      expect(warnings.map(({ code }) => code)).toEqual(["JOURNAL_RECORD_DAMAGED"]);
      expect(filesIn(directory)).toMatchObject({ [`${folder}/received-1.json.broken.20251023T143000Z`]: broken });
    }
  });

  it("takes a record that was copied to another number for damaged", () => {
    const directory = folderWithIntent();
    writeFileSync(join(directory, folder, "intent-2.json"), encodeIntent(intent()));
    expect(readJournal(fs, directory, host, now).intents).toEqual([intent()]);
  });

  it("takes a record that was copied to the name of another kind for damaged", () => {
    const directory = folderWithIntent();
    writeFileSync(join(directory, folder, "received-1.json"), encodeIntent(intent()));
    writeFileSync(join(directory, folder, "intent-2.json"), encodeReceived(received({ number: 2 }), host));
    expect(readJournal(fs, directory, host, now)).toMatchObject({ intents: [intent()], received: [] });
    expect(namesIn(directory)).toEqual([
      `${folder}/intent-1.json`,
      `${folder}/intent-2.json.broken.20251023T143000Z`,
      `${folder}/received-1.json.broken.20251023T143000Z`,
    ]);
  });

  it("does not look into what has the name of the reserved room and is none", () => {
    const directory = folderWithIntent();
    mkdirSync(join(directory, folder, ".received.reserved"));
    expect(readJournal(fs, directory, host, now).intents).toEqual([intent()]);
  });

  it("stops at a record of a newer version, and changes nothing", () => {
    const directory = folderWithIntent();
    writeFileSync(join(directory, folder, "received-1.json"), '{"version":2}');
    const before = filesIn(directory);
    expect(() => readJournal(fs, directory, host, now)).toThrow(
      expect.objectContaining({ errorCode: "JOURNAL_UNREADABLE" }),
    );
    expect(filesIn(directory)).toEqual(before);
  });

  it("stops at what is no journal at all", () => {
    const unreadable = expect.objectContaining({ errorCode: "JOURNAL_UNREADABLE", exitStatus: 78 });
    const file = cameraFolder({ ".thermal-provision": "" });
    expect(() => look(fs, file)).toThrow(unreadable);
    const record = folderWithIntent();
    mkdirSync(join(record, folder, "intent-2.json"));
    expect(() => readJournal(fs, record, host, now)).toThrow(unreadable);
    const elsewhere = folderWithIntent();
    renameSync(join(elsewhere, folder), join(elsewhere, "elsewhere"));
    symlinkSync("../elsewhere", join(elsewhere, folder));
    expect(() => readJournal(fs, elsewhere, host, now)).toThrow(unreadable);
    const link = folderWithIntent();
    symlinkSync("intent-1.json", join(link, folder, "received-1.json"));
    expect(() => readJournal(fs, link, host, now)).toThrow(unreadable);
  });
});

describe("putting a journal aside", () => {
  it("keeps every record under a dated name that no start looks into", () => {
    const directory = folderWithIntent();
    expect(setAside(fs, directory, host, now)).toBe(join(directory, `${folder}@20251023T143000Z`));
    expect(namesIn(directory)).toEqual([`${folder}@20251023T143000Z/intent-1.json`]);
    expect(look(fs, directory).unfinished).toEqual([]);
    expect(findCommitted(viewJournals(fs, directory), attemptId)).toBeUndefined();
    writeIntent(fs, directory, intent());
    expect(setAside(fs, directory, host, now)).toBe(join(directory, `${folder}@20251023T143000Z-2`));
    expect(setAside(fs, directory, host, now)).toBeUndefined();
  });

  it("is for one server, or for all", () => {
    const directory = folderWithIntent();
    for (const each of ["fe80::1", "tb.example"]) writeIntent(fs, directory, intent({ host: each }));
    const place = (name: string) => join(directory, `.thermal-provision/${name}@20251023T143000Z`);
    expect(setAside(fs, directory, "tb.example", now)).toBe(place("tb.example"));
    expect(look(fs, directory).unfinished).toEqual([host, "fe80_3a_3a1"]);
    expect(setAllAside(fs, directory, now)).toEqual([
      { host, place: place(host) },
      { host: "fe80::1", place: place("fe80_3a_3a1") },
    ]);
    expect(setAllAside(fs, directory, now)).toEqual([]);
  });
});

describe("removing the journal", () => {
  it("removes first what no start would look for, then the intents, and what was received last, each synced", () => {
    const directory = folderWithIntent();
    writeIntent(fs, directory, intent({ number: 2 }));
    const sent = { address: "192.0.2.7", port: 1883, publicKey: null };
    writeSent(fs, directory, host, { attemptId: intent().attemptId, sentAt: now, ...sent });
    writeReceived(fs, directory, host, received());
    reserveReceived(fs, directory, host);
    const { files, calls } = recorded();
    removeJournal(files, directory, host);
    expect(calls.filter((call) => /^(unlink|sync|removeFolder)/.test(call))).toEqual([
      "unlink .received.reserved",
      "unlink sent-1.json",
      "sync",
      "unlink intent-1.json",
      "unlink intent-2.json",
      "sync",
      "unlink received-1.json",
      "sync",
      "removeFolder eu.thingsboard.cloud",
      "sync",
    ]);
    expect(calls.at(-3)).toBe("open .thermal-provision folder");
    expect(fs.list(directory)).toEqual([".thermal-provision"]);
    expect(fs.list(join(directory, ".thermal-provision"))).toEqual([]);
  });

  it("is no error when there is none, and leaves what was put aside", () => {
    const directory = cameraFolder({ [`${folder}/received-1.json.broken.20251023T143000Z`]: "x" });
    removeJournal(fs, directory, host);
    removeJournal(fs, directory, "tb.example");
    expect(namesIn(directory)).toEqual([`${folder}/received-1.json.broken.20251023T143000Z`]);
  });

  it("is not stopped by what stays in its folder, in the words of any system, but by a disk that fails", () => {
    for (const code of ["ENOTEMPTY", "EEXIST"] as const) {
      const directory = folderWithIntent();
      removeJournal(failingAt("removeFolder", code, undefined, fs), directory, host);
      expect(namesIn(directory)).toEqual([]);
    }
    const failing = failingAt("removeFolder", "EIO", undefined, fs);
    expect(() => removeJournal(failing, folderWithIntent(), host)).toThrow("the disk reported an error (EIO)");
  });

  it("leaves nothing behind that no start would come back for", () => {
    for (let step = 1; step < 30; step++) {
      const directory = folderWithIntent();
      reserveReceived(fs, directory, host);
      try {
        removeJournal(killedAtStep(step), directory, host);
      } catch (error) {
        expect(error).toBeInstanceOf(Killed);
      }
      const left = namesIn(directory);
      expect(left.length === 0 || look(fs, directory).unfinished.length > 0, `step ${step}: ${left}`).toBe(true);
    }
  });

  it("can be repeated after it was killed at any moment", () => {
    for (let step = 1; step < 30; step++) {
      const directory = folderWithIntent();
      writeReceived(fs, directory, host, received());
      reserveReceived(fs, directory, host);
      try {
        removeJournal(killedAtStep(step, unsynced), directory, host);
      } catch (error) {
        expect(error).toBeInstanceOf(Killed);
      }
      const left = viewJournals(fs, directory)[0];
      if ((left?.intents.length ?? 0) > 0) expect(left?.received).toHaveLength(1);
      removeJournal(fs, directory, host);
      expect(namesIn(directory)).toEqual([]);
    }
  });
});
