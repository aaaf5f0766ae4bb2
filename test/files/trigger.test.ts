import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { nodeFileSystem } from "../../src/files/disk/file-system.ts";
import { misnamedTrigger, processTrigger } from "../../src/files/trigger.ts";
import { cameraFolder, filesIn } from "./camera-folder.ts";
import { recorded, withoutLinks } from "./disk/watched-file-system.ts";

describe("the trigger under another name", () => {
  const isFile = (name: string) => name !== "Provision";

  it.each([
    "provision.txt.txt",
    "PROVISION.TXT",
    "Provision.TXT",
    "provision.text",
    "provision (1).txt",
    "provision(2).txt",
    "provision - Copy.txt",
    "provision copy 2.txt",
    "provision .txt",
    " provision.txt",
    "provision",
    "provision.txt.rtf",
    "provision.docx",
    "provision.txt.doc",
    "provision.md",
  ])("is %s", (name) => {
    expect(misnamedTrigger(["a", name], isFile)).toBe(name);
  });

  it.each([
    "provision.sh",
    "provision.log",
    "provision.service",
    "provision.txt.processed",
    "provision.txt.bak",
    "provision.json",
    "provision.txt.txt.txt",
    "my-provision.txt",
    "provisionXtxt",
    "provisioning.txt",
    "Provision",
  ])("is not %s", (name) => {
    expect(misnamedTrigger([name], isFile)).toBeUndefined();
  });

  it("is none where the trigger is there", () => {
    expect(misnamedTrigger(["provision.txt", "provision.txt.txt"], isFile)).toBeUndefined();
  });
});

describe("the trigger, when the work is done", () => {
  it("gets its other name, in the place of an older one", () => {
    const directory = cameraFolder({ "provision.txt": "new", "provision.txt.processed": "old" });
    processTrigger(nodeFileSystem, directory);
    expect(filesIn(directory)).toEqual({ "provision.txt.processed": "new" });
  });

  it("is left as it is when it is found done, and synced again", () => {
    const directory = cameraFolder({ "provision.txt.processed": "old" });
    const { files, calls } = recorded();
    processTrigger(files, directory);
    expect(filesIn(directory)).toEqual({ "provision.txt.processed": "old" });
    expect(calls).toContain("sync");
    expect(calls.filter((call) => call.endsWith(" create"))).toEqual([]);
  });

  it("is made again when a power cut took both names", () => {
    const directory = cameraFolder();
    const { files, calls } = recorded(withoutLinks());
    processTrigger(files, directory);
    expect(filesIn(directory)).toEqual({ "provision.txt.processed": "" });
    expect(calls).toContain("open provision.txt.processed create");
  });

  it("says what is in the way", () => {
    const directory = cameraFolder({ "provision.txt": "" });
    mkdirSync(join(directory, "provision.txt.processed"));
    expect(() => processTrigger(nodeFileSystem, directory)).toThrow(
      /^renaming .*provision\.txt failed: a folder is in the way/,
    );
  });
});
