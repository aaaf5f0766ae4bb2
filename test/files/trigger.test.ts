import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { nodeFileSystem } from "../../src/files/disk/file-system.ts";
import { misnamedTrigger, processTrigger } from "../../src/files/trigger.ts";
import { cameraFolder, filesIn } from "./camera-folder.ts";
import { recorded, withoutLinks } from "./disk/watched-file-system.ts";

describe("the trigger under another name", () => {
  it("is what a computer that hides endings makes of it, or one that writes in capitals", () => {
    const found = (...names: readonly string[]) =>
      misnamedTrigger(nodeFileSystem, cameraFolder(Object.fromEntries(names.map((name) => [name, ""]))));
    expect(found("a", "provision.txt.txt")).toBe("provision.txt.txt");
    expect(found("PROVISION.TXT")).toBe("PROVISION.TXT");
    expect(
      found("provision.txt", "provision.txt.processed", "my-provision.txt", "provisionXtxt", "provision.txtXtxt"),
    ).toBeUndefined();
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
