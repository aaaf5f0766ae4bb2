import { openSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type FileSystem, nodeFileSystem } from "../../../src/files/disk/file-system.ts";
import { rightsOf, setRights } from "../../../src/files/disk/rights.ts";
import { cameraFolder } from "../camera-folder.ts";

const attributes = { kind: "file", size: 1, mode: 0o640, owner: 7, group: 8, device: 1, inode: 2, links: 1 } as const;
const accessList = { applyTo: () => {} };

describe("the rights of a file that is about to be replaced", () => {
  it("are its own, with its access list only where that may grant anything", () => {
    const own = { mode: 0o640, owner: 7, group: 8 };
    expect(rightsOf(attributes)).toStrictEqual(own);
    expect(rightsOf(attributes, accessList)).toStrictEqual({ ...own, accessList });
    expect(rightsOf({ ...attributes, mode: 0o604 }, accessList)).toStrictEqual({ ...own, mode: 0o604 });
    expect(rightsOf(undefined, accessList)).toStrictEqual({ mode: 0o600 });
  });

  it("are given also where only the group is another", () => {
    const handle = openSync(join(cameraFolder({ file: "" }), "file"), "r");
    const { owner, group } = nodeFileSystem.stat(handle);
    const given: (readonly number[])[] = [];
    const files: FileSystem = { ...nodeFileSystem, chown: (_, ...ids) => given.push(ids), chmod: () => {} };
    setRights(files, handle, { mode: 0o600, owner, group: group + 1 });
    setRights(files, handle, { mode: 0o600, owner, group });
    expect(given).toEqual([[owner, group + 1]]);
    nodeFileSystem.close(handle);
  });
});
