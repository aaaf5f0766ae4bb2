import { chmodSync, chownSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { describe, expect, it } from "vitest";
import { closeJournal, commit, fillIn, finishCommit } from "../../src/files/commit.ts";
import { type FileSystem, nodeFileSystem } from "../../src/files/disk/file-system.ts";
import {
  findCommitted,
  reserveReceived,
  viewJournals,
  writeIntent,
  writeReceived,
} from "../../src/files/journal/journal.ts";
import { changedConfig, readThermalConfig } from "../../src/files/thermal-config-file.ts";
import { cameraFolder, filesIn, namesIn } from "./camera-folder.ts";
import {
  failingAt,
  failingAtStep,
  Killed,
  killedAtStep,
  recorded,
  unsynced,
  withoutLinks,
} from "./disk/watched-file-system.ts";
import { change, host, intent, now, nowInSeconds, received } from "./sample.ts";

const fs = nodeFileSystem;
const old = '{\n  // spots\n  "measurement_spots": []\n}\n';
const wanted = new TextDecoder().decode(changedConfig({ bytes: new TextEncoder().encode(old) }, change));
const backup = `thermal_config.json.backup.${nowInSeconds}`;
const saving = { change, host, now };
/** As it lies on the cameras of this version: a later one must read it. */
const record = `{"version":1,"sha256":"0a71814ebf47299153c9c50700422561f9a57caaad9a1b34513a1e6483ab7461","body":{"device":{"device_id":null,"device_name":"thermal-camera-ABC123","access_token":"the-secret-token","credentials_type":"ACCESS_TOKEN"},"server":{"url":"eu.thingsboard.cloud","port":1883,"use_ssl":false},"provisioning":{"provisioned_at":"2025-10-23T14:30:00Z","provisioned_from":"provision.json","provisioned_with":"0123456789abcdef","attempt_id":"6f1c2f3e-0000-4000-8000-000000000001"}}}\n`;
const recordName = ".thermal-provision/last-success.json";
const kept = { [recordName]: record };
const done = { ...kept, [backup]: old, "provision.txt.processed": "", "thermal_config.json": wanted };

const { [recordName]: _record, ...withoutRecord } = done;

/** A folder in which the server has answered and nothing is saved yet. */
function answered(
  files: Readonly<Record<string, string>> = { "thermal_config.json": old },
  fs = nodeFileSystem,
): string {
  const directory = cameraFolder({ "provision.txt": "", ...files });
  writeIntent(fs, directory, intent());
  reserveReceived(fs, directory, host);
  writeReceived(fs, directory, host, received());
  return directory;
}

it("keeps the five newest of what was put aside, and no more tokens than are in these", () => {
  const names = ["20251023T143000Z", "20251023T143000Z-2", "20241231T235959Z", "20251024T000000Z"].map(
    (moment) => `eu.thingsboard.cloud@${moment}`,
  );
  const others = ["a.example@20240101T000000Z", "b.example@20260101T000000Z", "c.example@20230101T000000Z"];
  const directory = answered();
  for (const name of [...names, ...others]) {
    mkdirSync(join(directory, ".thermal-provision", name), { mode: 0o700 });
    writeFileSync(join(directory, ".thermal-provision", name, "intent-1.json"), "{}");
  }
  expect(commit(fs, directory, saving).warnings).toEqual([]);
  expect(readdirSync(join(directory, ".thermal-provision")).sort()).toEqual(
    [...names, "b.example@20260101T000000Z", "last-success.json"].sort(),
  );
});

describe("saving what was provisioned", () => {
  it("leaves the new configuration, a backup, the processed trigger, and no journal", () => {
    const directory = answered();
    expect(commit(fs, directory, saving)).toEqual({ warnings: [], backup: join(directory, backup) });
    expect(filesIn(directory)).toEqual(done);
  });

  it("makes each step durable before the next one begins", () => {
    const directory = answered();
    const { files, calls, openHandles } = recorded();
    commit(files, directory, saving);
    const folder = directory.split("/").at(-1);
    expect(
      calls.filter((call) => /^(sync|link|rename|unlink|removeFolder|open .* (folder|create))/.test(call)),
    ).toEqual([
      // 1. the backup
      `open .${backup}.*.tmp create`,
      "sync",
      `link .${backup}.*.tmp ${backup}`,
      `unlink .${backup}.*.tmp`,
      `open ${folder} folder`,
      "sync",
      // 2. the configuration
      "open .thermal_config.json.*.tmp create",
      "sync",
      "rename .thermal_config.json.*.tmp thermal_config.json",
      "sync",
      `open ${folder} folder`,
      "sync",
      // 3. the record
      "open .last-success.json.*.tmp create",
      "sync",
      "rename .last-success.json.*.tmp last-success.json",
      "sync",
      "open .thermal-provision folder",
      "sync",
      // 4. the trigger
      "rename provision.txt provision.txt.processed",
      `open ${folder} folder`,
      "sync",
      // 6. the journal
      "unlink intent-1.json",
      "open eu.thingsboard.cloud folder",
      "sync",
      "unlink received-1.json",
      "open eu.thingsboard.cloud folder",
      "sync",
      "removeFolder eu.thingsboard.cloud",
      "open .thermal-provision folder",
      "sync",
    ]);
    expect(openHandles()).toBe(0);
  });

  it("makes a private configuration where there is none, without a backup", () => {
    const directory = answered({});
    expect(commit(fs, directory, saving).backup).toBeUndefined();
    expect(filesIn(directory)).toEqual({
      ...kept,
      "provision.txt.processed": "",
      "thermal_config.json": new TextDecoder().decode(changedConfig({ bytes: undefined }, change)),
    });
    expect(statSync(join(directory, "thermal_config.json")).mode & 0o777).toBe(0o600);
  });

  it("keeps the mode of the configuration, and gives it to the backup", () => {
    for (const mode of [0o600, 0o640, 0o644, 0o660]) {
      const directory = answered();
      chmodSync(join(directory, "thermal_config.json"), mode);
      commit(fs, directory, saving);
      for (const name of ["thermal_config.json", backup])
        expect(statSync(join(directory, name)).mode & 0o777).toBe(mode);
    }
  });

  it.runIf(process.getuid?.() === 0)("keeps owner and group of the configuration, and gives them to the backup", () => {
    const directory = answered();
    chownSync(join(directory, "thermal_config.json"), 12345, 54321);
    commit(fs, directory, saving);
    for (const name of ["thermal_config.json", backup]) {
      expect(statSync(join(directory, name))).toMatchObject({ uid: 12345, gid: 54321 });
    }
  });

  it("does the same on a file system without links", () => {
    const directory = answered();
    commit(withoutLinks(), directory, saving);
    expect(filesIn(directory)).toEqual(done);
  });

  it("writes the newest configuration, when another program changes it meanwhile", () => {
    const directory = answered();
    const path = join(directory, "thermal_config.json");
    const edited = old.replace("[]", '["new spot"]');
    let reads = 0;
    const files: FileSystem = {
      ...fs,
      lstat(name) {
        // The second look at the configuration is the one just before the rename.
        if (name === path && ++reads === 2) writeFileSync(path, edited);
        return fs.lstat(name);
      },
    };
    const { backup: made } = commit(files, directory, saving);
    expect(readFileSync(path, "utf8")).toBe(wanted.replace("[]", '["new spot"]'));
    expect(readFileSync(made ?? "", "utf8")).toBe(edited);
    expect(namesIn(directory).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  });

  it("starts over when the configuration is removed, or made, meanwhile", () => {
    const removed = answered();
    let looks = 0;
    const removing: FileSystem = {
      ...fs,
      lstat(name) {
        if (name === join(removed, "thermal_config.json") && ++looks === 2) rmSync(name);
        return fs.lstat(name);
      },
    };
    commit(removing, removed, saving);
    expect(readThermalConfig(fs, removed).configured?.attemptId).toBe(change.attemptId);
    const made = answered({});
    const making: FileSystem = {
      ...fs,
      link(existing, path) {
        if (path === join(made, "thermal_config.json")) writeFileSync(path, old);
        fs.link(existing, path);
      },
    };
    commit(making, made, saving);
    expect(readFileSync(join(made, "thermal_config.json"), "utf8")).toBe(wanted);
  });

  it("gives up after a few times, when another program never stops, and loses nothing", () => {
    const directory = answered();
    const path = join(directory, "thermal_config.json");
    let count = 0;
    const files: FileSystem = {
      ...fs,
      lstat(name) {
        if (name === path) writeFileSync(path, old.replace("[]", `[${count++}]`));
        return fs.lstat(name);
      },
    };
    expect(() => commit(files, directory, saving)).toThrow(
      expect.objectContaining({
        errorCode: "FILE_IO",
        message: expect.stringContaining("another program keeps changing thermal_config.json"),
      }),
    );
    expect(namesIn(directory).filter((name) => name.includes(".backup."))).toHaveLength(5);
    expect(viewJournals(fs, directory)).toHaveLength(1);
    expect(namesIn(directory)).toContain("provision.txt");
  });

  it("stops when the configuration does not read back, with trigger and journal in place", () => {
    const directory = answered();
    const path = join(directory, "thermal_config.json");
    const files: FileSystem = {
      ...fs,
      rename(from, to) {
        fs.rename(from, to);
        if (to === path) writeFileSync(path, old);
      },
    };
    const gone: FileSystem = {
      ...fs,
      rename(from, to) {
        fs.rename(from, to);
        if (to === path) rmSync(path);
      },
    };
    for (const replacing of [files, gone]) {
      expect(() => commit(replacing, directory, saving)).toThrow(
        expect.objectContaining({
          errorCode: "FILE_IO",
          message: expect.stringContaining("does not read back as it was written"),
        }),
      );
      expect(namesIn(directory)).toContain("provision.txt");
      expect(viewJournals(fs, directory)).toHaveLength(1);
    }
  });

  it("welcomes an edit of another program right after the replacing", () => {
    const directory = answered();
    const path = join(directory, "thermal_config.json");
    const files: FileSystem = {
      ...fs,
      rename(from, to) {
        fs.rename(from, to);
        if (to === path) writeFileSync(path, readFileSync(path, "utf8").replace("[]", "[1]"));
      },
    };
    commit(files, directory, saving);
    expect(readFileSync(path, "utf8")).toBe(wanted.replace("[]", "[1]"));
    expect(viewJournals(fs, directory)).toEqual([]);
  });

  it("warns of an old backup that cannot be removed, and is done all the same", () => {
    const directory = answered({ "thermal_config.json": old, ...sixBackups });
    const files: FileSystem = {
      ...fs,
      unlink(path) {
        if (path.includes(".backup.") && !path.endsWith(".tmp")) failingAt("unlink", "EPERM").unlink(path);
        fs.unlink(path);
      },
    };
    const { warnings } = commit(files, directory, saving);
    expect(warnings).toEqual([
      {
        code: "TIDYING_INCOMPLETE",
        message: expect.stringContaining("thermal_config.json.backup.2, thermal_config.json.backup.1."),
      },
    ]);
    expect(viewJournals(fs, directory)).toEqual([]);
  });
});

const sixBackups = Object.fromEntries(
  [1, 2, 3, 4, 5, 6].map((number) => [`thermal_config.json.backup.${number}`, `${number}`]),
);

describe("a configuration that is a mount of its own", () => {
  it("is told as such", () => {
    const directory = answered();
    const files: FileSystem = {
      ...fs,
      rename(from, to) {
        if (to.endsWith("thermal_config.json")) failingAt("rename", "EBUSY").rename(from, to);
        fs.rename(from, to);
      },
    };
    expect(() => commit(files, directory, saving)).toThrow(
      expect.objectContaining({ errorCode: "FILE_BUSY", exitStatus: 73 }),
    );
    expect(filesIn(directory)).toMatchObject({ "thermal_config.json": old, "provision.txt": "" });
  });
});

describe("finishing what was saved", () => {
  it("syncs the configuration again before anything else, since visible is not durable", () => {
    const directory = answered({ "thermal_config.json": wanted });
    const { files, calls } = recorded();
    finishCommit(files, directory, { host, now });
    const folder = directory.split("/").at(-1);
    expect(calls.slice(0, 6)).toEqual([
      "open thermal_config.json read",
      "sync",
      "close",
      `open ${folder} folder`,
      "sync",
      "close",
    ]);
    expect(filesIn(directory)).toEqual({ ...kept, "provision.txt.processed": "", "thermal_config.json": wanted });
  });

  it("changes nothing when the configuration cannot be synced", () => {
    const directory = answered({ "thermal_config.json": wanted });
    const before = filesIn(directory);
    expect(() => finishCommit(failingAt("sync", "EIO", 1), directory, { host, now })).toThrow("EIO");
    expect(filesIn(directory)).toEqual(before);
  });

  it("syncs a record that a killed run has left, and does not write it again", () => {
    const directory = answered({ "thermal_config.json": wanted, ...kept });
    const { files, calls } = recorded();
    expect(finishCommit(files, directory, { host, now }).warnings).toEqual([]);
    expect(calls.slice(6, 10)).toEqual(["lstat last-success.json", "open last-success.json read", "sync", "close"]);
    expect(calls.filter((call) => call.startsWith("open .last-success.json"))).toEqual([]);
  });

  it("is the same as saving once more", () => {
    const directory = answered({ "thermal_config.json": wanted });
    expect(commit(fs, directory, saving).backup).toBeUndefined();
    expect(filesIn(directory)).toEqual({ ...kept, "provision.txt.processed": "", "thermal_config.json": wanted });
  });
});

describe("concluding what was saved for an order before this one", () => {
  it("syncs the configuration and removes the journal, and leaves the new trigger", () => {
    const directory = answered({ "thermal_config.json": wanted });
    const { files, calls } = recorded();
    expect(closeJournal(files, directory, { host, now })).toEqual({ warnings: [], backup: undefined });
    expect(calls.slice(0, 2)).toEqual(["open thermal_config.json read", "sync"]);
    expect(filesIn(directory)).toEqual({ ...kept, "provision.txt": "", "thermal_config.json": wanted });
  });
});

describe("keeping credentials that still work", () => {
  it("renames the trigger and touches nothing else, when nothing is missing", () => {
    const directory = cameraFolder({
      "thermal_config.json": wanted,
      "provision.txt": "",
      "provision.txt.processed": "older",
      ...kept,
    });
    const inodes = () => ["thermal_config.json", recordName].map((name) => fs.lstat(join(directory, name))?.inode);
    const before = inodes();
    expect(fillIn(fs, directory, saving)).toEqual({ warnings: [], backup: undefined });
    expect(filesIn(directory)).toEqual({ ...kept, "provision.txt.processed": "", "thermal_config.json": wanted });
    expect(inodes()).toEqual(before);
  });

  it("fills in what is missing, with a backup, and leaves the journal alone", () => {
    const directory = answered({ "thermal_config.json": wanted.replace("1883", "1884") });
    expect(fillIn(fs, directory, saving).backup).toBe(join(directory, backup));
    expect(readFileSync(join(directory, "thermal_config.json"), "utf8")).toBe(wanted);
    expect(viewJournals(fs, directory)).toHaveLength(1);
  });
});

describe("a run that ends at any moment of saving", () => {
  const ends = (step: number): readonly [string, FileSystem][] => [
    ["killed", killedAtStep(step, unsynced)],
    ["killed without links", killedAtStep(step, withoutLinks(unsynced))],
    ["EIO", failingAtStep(step, "EIO", unsynced)],
    ["EDQUOT", failingAtStep(step, "EDQUOT", unsynced)],
  ];

  /** What the next start does. */
  function recover(directory: string): void {
    const { configured } = readThermalConfig(fs, directory);
    const committed = findCommitted(viewJournals(fs, directory), configured?.attemptId ?? null);
    if (committed !== undefined) finishCommit(unsynced, directory, { host: committed.host, now });
    else if (viewJournals(fs, directory).length > 0) commit(unsynced, directory, saving);
  }

  it("has kept the order, and the next run brings it to the same end", () => {
    const violations: string[] = [];
    let ended = 0;
    for (let step = 1; step < 110; step++) {
      for (const [how, files] of ends(step)) {
        const directory = answered(undefined, unsynced);
        let isKept = true;
        try {
          isKept = commit(files, directory, saving).warnings.every(({ code }) => code !== "LAST_SUCCESS_NOT_KEPT");
        } catch (error) {
          ended++;
          const told = error instanceof Killed || /\((EIO|EDQUOT)\)/.test(String(error));
          if (!told) violations.push(`${how} ${step}: ${error}`);
        }
        const found = filesIn(directory);
        const config = found["thermal_config.json"];
        const isNew = config === wanted;
        if (config !== old && !isNew) violations.push(`${how} ${step}: the configuration is neither old nor new`);
        if (isNew && found[backup] !== old) violations.push(`${how} ${step}: replaced without a backup`);
        if (!("provision.txt" in found) && !isNew) violations.push(`${how} ${step}: trigger before configuration`);
        const journal = viewJournals(fs, directory)[0];
        if (journal === undefined && "provision.txt" in found)
          violations.push(`${how} ${step}: journal before trigger`);
        if ((journal?.intents.length ?? 0) > (journal?.received.length ?? 0))
          violations.push(`${how} ${step}: received first`);
        recover(directory);
        // A last removal that was cut off leaves an empty folder at most; a record that failed was told.
        const wantedFiles = isKept || recordName in filesIn(directory) ? done : withoutRecord;
        if (!isDeepStrictEqual(filesIn(directory), wantedFiles))
          violations.push(`${how} ${step}: ends as ${namesIn(directory).join(", ")}`);
      }
    }
    expect(violations).toEqual([]);
    expect(ended).toBeGreaterThan(150);
  });
});
