import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { nodeFileSystem } from "../../src/files/disk/file-system.ts";
import { look } from "../../src/files/look.ts";
import { cameraFolder } from "./camera-folder.ts";
import { failingAt, recorded } from "./disk/watched-file-system.ts";

const fs = nodeFileSystem;

describe("looking whether there is anything to do", () => {
  it("finds nothing with four calls", () => {
    const directory = cameraFolder();
    const { files, calls, openHandles } = recorded();
    expect(look(files, directory)).toEqual({ trigger: "none", unfinished: [] });
    expect(calls.map((call) => call.split(" ")[0])).toEqual(["open", "close", "lstat", "list"]);
    expect(openHandles()).toBe(0);
  });

  it("finds the trigger, whatever is in it", () => {
    expect(look(fs, cameraFolder({ "provision.txt": "" })).trigger).toBe("file");
    expect(look(fs, cameraFolder({ "provision.txt": "anything\0" })).trigger).toBe("file");
    expect(look(fs, cameraFolder({ "provision.txt.processed": "" })).trigger).toBe("none");
  });

  it("finds the folders of the journal that hold a record", () => {
    const directory = cameraFolder({
      ".thermal-provision/b.example/intent-1.json": "",
      ".thermal-provision/a.example/received-3.json": "",
      ".thermal-provision/c.example/.received.reserved": "",
      ".thermal-provision/d.example@20251023T143000Z/intent-1.json": "",
      ".thermal-provision/d.example@20251023T143000Z-2/intent-1.json": "",
      ".thermal-provision/README": "",
      ".thermal-provision/lock": "somebody else's",
    });
    mkdirSync(join(directory, ".thermal-provision/empty.example"));
    expect(look(fs, directory).unfinished).toEqual(["a.example", "b.example"]);
  });

  it("follows a link to the folder itself", () => {
    const directory = cameraFolder({ "data/provision.txt": "" });
    symlinkSync("data", join(directory, "link"));
    expect(look(fs, join(directory, "link")).trigger).toBe("file");
  });

  it("says when there is no folder", () => {
    const directory = cameraFolder({ file: "" });
    for (const [name, words] of [
      ["nothing", "does not exist"],
      ["file", "is not a folder"],
    ] as const) {
      const path = join(directory, name);
      expect(() => look(fs, path)).toThrow(
        expect.objectContaining({
          errorCode: "FOLDER_MISSING",
          message: `${path} ${words}; check --directory`,
          cause: expect.any(Error),
        }),
      );
    }
    expect(() => look(failingAt("open", "EACCES"), directory)).toThrow(
      expect.objectContaining({
        errorCode: "PERMISSION_DENIED",
        message: expect.stringContaining(`looking into ${directory} failed: `),
      }),
    );
  });

  it("tells a trigger from what only has its name", () => {
    const folder = cameraFolder({ "provision.txt/file": "" });
    const link = cameraFolder({ elsewhere: "" });
    symlinkSync("elsewhere", join(link, "provision.txt"));
    for (const directory of [folder, link]) expect(look(fs, directory).trigger).toBe("other");
  });
});
