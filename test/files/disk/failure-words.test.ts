import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readAuthorities } from "../../../src/files/authorities.ts";
import { closeJournal, commit, finishCommit } from "../../../src/files/commit.ts";
import type { FileSystem } from "../../../src/files/disk/file-system.ts";
import {
  checkJournal,
  hasJournal,
  readJournal,
  removeJournal,
  reserveReceived,
  setAside,
  viewJournals,
  writeIntent,
  writeReceived,
} from "../../../src/files/journal/journal.ts";
import { checkSuitability } from "../../../src/files/suitability.ts";
import { readThermalConfig } from "../../../src/files/thermal-config-file.ts";
import { cameraFolder } from "../camera-folder.ts";
import { change, host, intent, now, received } from "../sample.ts";
import { type Call, failingAt, unsynced } from "./watched-file-system.ts";

type Work = (fs: FileSystem, directory: string) => unknown;

const works: readonly (readonly [words: string, failing: Call, work: Work])[] = [
  ["reading the journal in FOLDER/.thermal-provision", "lstat", (fs, at) => readJournal(fs, at, host, now)],
  ["writing the journal in FOLDER/.thermal-provision", "makeFolder", (fs, at) => writeIntent(fs, at, intent())],
  ["putting the journal in FOLDER/.thermal-provision aside", "rename", (fs, at) => setAside(fs, at, host, now)],
  ["removing the journal in FOLDER/.thermal-provision", "unlink", (fs, at) => removeJournal(fs, at, host)],
  ["reading the journal in FOLDER/.thermal-provision", "lstat", (fs, at) => checkJournal(fs, at, host)],
  ["reading the journal in FOLDER/.thermal-provision", "read", (fs, at) => viewJournals(fs, at)],
  ["looking into FOLDER/.thermal-provision", "list", (fs, at) => hasJournal(fs, at, host)],
  ["reserving room in FOLDER/.thermal-provision", "write", (fs, at) => reserveReceived(fs, at, host)],
  ["writing the journal in FOLDER/.thermal-provision", "write", (fs, at) => writeReceived(fs, at, host, received())],
  ["reading thermal_config.json in FOLDER", "read", readThermalConfig],
  ["replacing FOLDER/thermal_config.json", "link", (fs, at) => commit(fs, at, { change, host, now })],
  ["syncing FOLDER/thermal_config.json", "sync", (fs, at) => finishCommit(fs, at, { host, now })],
  ["removing old backups in FOLDER", "list", (fs, at) => closeJournal(fs, at, { host, now })],
  ["checking whether FOLDER can be written", "write", (fs, at) => checkSuitability(fs, at, { strictFiles: false })],
  ["reading /etc/ssl/certs/ca-certificates.crt", "open", (fs, at) => readAuthorities(fs, at, undefined)],
];

describe("a disk that fails", () => {
  it.each(works)("is told with what was being done: %s (%s)", (words, failing, work) => {
    const directory = cameraFolder({ "thermal_config.json": "{}", "provision.txt": "" });
    writeIntent(unsynced, directory, intent());
    expect(() => work(failingAt(failing, "EIO"), directory)).toThrow(
      expect.objectContaining({
        errorCode: "FILE_IO",
        message: expect.stringContaining(`${words.replace("FOLDER", directory)} failed: the disk reported an error`),
      }),
    );
  });
});

describe("what is in the way", () => {
  const there = (name: string) => {
    const directory = cameraFolder();
    mkdirSync(join(directory, name), { recursive: true });
    return directory;
  };
  const lenient = { strictFiles: false };

  it("is named, with what to do about it", () => {
    const processed = there("provision.txt.processed");
    expect(() => checkSuitability(unsynced, processed, lenient)).toThrow(
      `${processed}/provision.txt.processed is a folder; the trigger gets that name, so move it away`,
    );
    const config = there("thermal_config.json");
    expect(() => readThermalConfig(unsynced, config)).toThrow(
      expect.objectContaining({
        errorCode: "CONFIG_FILE_UNREADABLE",
        message: expect.stringContaining(`thermal_config.json in ${config} cannot be used:`),
        problems: [{ file: "thermal_config.json", path: [], found: "a folder", expected: "a regular file" }],
      }),
    );
    const journal = cameraFolder({ ".thermal-provision": "" });
    expect(() => hasJournal(unsynced, journal, host)).toThrow(
      expect.objectContaining({
        message: expect.stringContaining(`${journal}/.thermal-provision is not a folder; move it away`),
        cause: expect.objectContaining({ code: "ENOTDIR" }),
      }),
    );
    const server = cameraFolder({ [`.thermal-provision/${host}`]: "" });
    expect(() => readJournal(unsynced, server, host, now)).toThrow(
      `${server}/.thermal-provision/${host} is a link, or no folder at all; move it away`,
    );
    const record = there(`.thermal-provision/${host}/intent-1.json`);
    expect(() => readJournal(unsynced, record, host, now)).toThrow(
      `${record}/.thermal-provision/${host}/intent-1.json: found a folder, expected a regular file`,
    );
    const newer = cameraFolder({ [`.thermal-provision/${host}/intent-1.json`]: '{"version":2}' });
    expect(() => readJournal(unsynced, newer, host, now)).toThrow(
      `${newer}/.thermal-provision/${host}/intent-1.json was written by a newer version of this program`,
    );
  });
});
