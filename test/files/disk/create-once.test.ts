import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createOnce } from "../../../src/files/disk/durable-files.ts";
import { nodeFileSystem } from "../../../src/files/disk/file-system.ts";
import { privateRights } from "../../../src/files/disk/rights.ts";
import { cameraFolder, filesIn } from "../camera-folder.ts";
import { failingAt, failingAtStep, killedAtStep, recorded, unsynced, withoutLinks } from "./watched-file-system.ts";

const bytes = new TextEncoder().encode("complete");
const exclusive = { rights: privateRights, withoutLinks: "exclusive" } as const;
const complete = { rights: privateRights, withoutLinks: "complete" } as const;

describe("creating a file once", () => {
  it("makes a private file and leaves nothing else", () => {
    const directory = cameraFolder();
    const { files, calls, openHandles } = recorded();
    expect(createOnce(files, join(directory, "record.json"), bytes, exclusive)).toBe("created");
    expect(filesIn(directory)).toEqual({ "record.json": "complete" });
    expect(statSync(join(directory, "record.json")).mode & 0o777).toBe(0o600);
    expect(openHandles()).toBe(0);
    const order = calls.filter((call) => /^(sync|link|unlink|rename)/.test(call));
    expect(order).toEqual(["sync", "link .record.json.*.tmp record.json", "unlink .record.json.*.tmp", "sync"]);
  });

  for (const [name, options] of Object.entries({ exclusive, complete })) {
    for (const [system, files] of Object.entries({ "with links": nodeFileSystem, "without links": withoutLinks() })) {
      it(`never touches one that is there (${name}, ${system})`, () => {
        const directory = cameraFolder({ "record.json": "first" });
        expect(createOnce(files, join(directory, "record.json"), bytes, options)).toBe("exists");
        expect(filesIn(directory)).toEqual({ "record.json": "first" });
      });

      it(`makes it (${name}, ${system})`, () => {
        const directory = cameraFolder();
        expect(createOnce(files, join(directory, "record.json"), bytes, options)).toBe("created");
        expect(filesIn(directory)).toEqual({ "record.json": "complete" });
      });
    }
  }

  it("creates exclusively under the final name on a file system without links", () => {
    const directory = cameraFolder();
    const { files, calls } = recorded(withoutLinks());
    createOnce(files, join(directory, "record.json"), bytes, exclusive);
    expect(calls).toContain("open record.json create");
    expect(calls.filter((call) => call.startsWith("rename"))).toEqual([]);
  });

  it("leaves no part of a file when writing under the final name fails", () => {
    const directory = cameraFolder();
    const files = failingAt("write", "ENOSPC", 2, withoutLinks());
    expect(() => createOnce(files, join(directory, "record.json"), bytes, exclusive)).toThrow("ENOSPC");
    expect(filesIn(directory)).toEqual({});
  });

  it("syncs a file once more after its rename, since FAT needs it", () => {
    const { files, calls } = recorded(withoutLinks());
    createOnce(files, join(cameraFolder(), "backup"), bytes, complete);
    const order = calls.filter((call) => /^(sync|rename)/.test(call));
    expect(order).toEqual(["sync", "rename .backup.*.tmp backup", "sync", "sync"]);
  });

  it("takes every word of a system for a lack of links", () => {
    for (const code of ["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK"] as const) {
      const directory = cameraFolder();
      const { files, openHandles } = recorded(failingAt("link", code));
      expect(createOnce(files, join(directory, "record.json"), bytes, exclusive)).toBe("created");
      expect(filesIn(directory)).toEqual({ "record.json": "complete" });
      expect(openHandles()).toBe(0);
    }
  });

  it("passes on why the file cannot be made on a file system without links", () => {
    const directory = cameraFolder();
    const files = withoutLinks({
      ...nodeFileSystem,
      open: (path, access, mode) =>
        (path.endsWith("/record.json") ? failingAt("open", "EIO") : nodeFileSystem).open(path, access, mode),
    });
    expect(() => createOnce(files, join(directory, "record.json"), bytes, exclusive)).toThrow("EIO");
    expect(filesIn(directory)).toEqual({});
  });

  it("passes on what is no lack of links", () => {
    const directory = cameraFolder();
    for (const code of ["EIO", "ENOSPC", "EROFS"] as const) {
      const files = failingAt("link", code);
      expect(() => createOnce(files, join(directory, "record.json"), bytes, exclusive)).toThrow(code);
    }
    expect(filesIn(directory)).toEqual({});
  });

  it("shows the whole file or none, whenever the process is killed or a call fails", () => {
    for (let step = 1; step <= 12; step++) {
      for (const files of [killedAtStep(step, unsynced), failingAtStep(step, "EIO", unsynced)]) {
        const directory = cameraFolder();
        const path = join(directory, "record.json");
        expect(() => {
          createOnce(files, path, bytes, exclusive);
          throw new Error("injected nothing");
        }).toThrow();
        const found = nodeFileSystem.lstat(path);
        if (found !== undefined) expect(readFileSync(path, "utf8")).toBe("complete");
      }
    }
  });
});
