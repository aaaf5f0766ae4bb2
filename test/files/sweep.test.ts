import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { FileSystem } from "../../src/files/disk/file-system.ts";
import { readJournal } from "../../src/files/journal/journal.ts";
import { hasLeftovers, sweep } from "../../src/files/sweep.ts";
import { cameraFolder, namesIn } from "./camera-folder.ts";
import { failingAt, unsynced } from "./disk/watched-file-system.ts";
import { host, now } from "./sample.ts";

const fs = unsynced;
const folder = ".thermal-provision/eu.thingsboard.cloud";

describe("reading the journal", () => {
  it("sweeps our own temporary files, and no others", () => {
    const directory = cameraFolder({
      ".thermal_config.json.0123456789abcdef.tmp": "",
      ".thermal_config.json.backup.1698069000.0123456789abcdef.tmp": "",
      ".provisioning_status.json.0123456789abcdef.tmp": "",
      ".thermal_config.json.0123456789abcdeX.tmp": "",
      ".thermal_config.json.0123456789abcdef0.tmp": "",
      ".other.json.0123456789abcdef.tmp": "",
      "thermal_config.json.tmp": "",
      "x.thermal_config.json.0123456789abcdef.tmp": "",
      ".thermal_config.json.0123456789abcdef.tmp.kept": "",
      [`${folder}/.intent-1.json.0123456789abcdef.tmp`]: "",
      [`${folder}/..received.reserved.0123456789abcdef.tmp`]: "",
      [`${folder}/.notes.0123456789abcdef.tmp`]: "",
    });
    mkdirSync(join(directory, ".thermal_config.json.aaaaaaaaaaaaaaaa.tmp"));
    symlinkSync("x", join(directory, ".thermal_config.json.bbbbbbbbbbbbbbbb.tmp"));
    readJournal(fs, directory, host, now);
    expect(fs.list(directory)).toContain(".thermal_config.json.aaaaaaaaaaaaaaaa.tmp");
    expect(fs.list(directory)).toContain(".thermal_config.json.bbbbbbbbbbbbbbbb.tmp");
    fs.unlink(join(directory, ".thermal_config.json.bbbbbbbbbbbbbbbb.tmp"));
    expect(namesIn(directory)).toEqual(
      [
        ".other.json.0123456789abcdef.tmp",
        `${folder}/.notes.0123456789abcdef.tmp`,
        ".thermal_config.json.0123456789abcdef0.tmp",
        ".thermal_config.json.0123456789abcdeX.tmp",
        ".thermal_config.json.0123456789abcdef.tmp.kept",
        "thermal_config.json.tmp",
        "x.thermal_config.json.0123456789abcdef.tmp",
      ].sort(),
    );
  });

  it("does not sweep what belongs to another user", () => {
    const directory = cameraFolder({ ".thermal_config.json.0123456789abcdef.tmp": "", [`${folder}/x`]: "" });
    const foreign: FileSystem = {
      ...fs,
      lstat(path) {
        const attributes = fs.lstat(path);
        return attributes && path.endsWith(".tmp") ? { ...attributes, owner: attributes.owner + 1 } : attributes;
      },
    };
    expect(hasLeftovers(foreign, directory)).toBe(false);
    expect(hasLeftovers(fs, directory)).toBe(true);
    readJournal(foreign, directory, host, now);
    expect(namesIn(directory)).toContain(".thermal_config.json.0123456789abcdef.tmp");
  });

  it("sweeps beside the configuration without a server, too, for whatever user runs it", () => {
    const directory = cameraFolder({ ".thermal_config.json.0123456789abcdef.tmp": "", [`${folder}/x`]: "" });
    const owned: FileSystem = {
      ...fs,
      lstat(path) {
        const attributes = fs.lstat(path);
        return attributes && { ...attributes, owner: 7 };
      },
    };
    expect(hasLeftovers(owned, directory)).toBe(true);
    sweep(owned, directory);
    expect(namesIn(directory)).toEqual([`${folder}/x`]);
    expect(() => hasLeftovers(failingAt("list", "EIO"), directory)).toThrow(`looking into ${directory} failed:`);
  });

  it("is not stopped by a temporary file that is gone by the time it is looked at", () => {
    const directory = cameraFolder({ [`${folder}/x`]: "" });
    const gone: FileSystem = {
      ...fs,
      list: (path) => [...fs.list(path), ".thermal_config.json.0123456789abcdef.tmp"],
    };
    expect(hasLeftovers(gone, directory)).toBe(false);
  });

  it("is not stopped by a temporary file that cannot be removed", () => {
    const directory = cameraFolder({ ".thermal_config.json.0123456789abcdef.tmp": "", [`${folder}/x`]: "" });
    expect(readJournal(failingAt("unlink", "EPERM"), directory, host, now)).toEqual({
      intents: [],
      received: [],
      warnings: [],
    });
  });
});
