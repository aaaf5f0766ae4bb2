import { expect, it } from "vitest";
import { nodeFileSystem as fs } from "../../../src/files/disk/file-system.ts";
import { cameraFolder } from "../camera-folder.ts";

it("a reading that fails is told, and not tried for ever", () => {
  const folder = fs.open(cameraFolder(), "folder");
  expect(() => fs.read(folder, new Uint8Array(8), 0)).toThrow(expect.objectContaining({ code: "EISDIR" }));
  fs.close(folder);
});

it("the room on a disk is told in bytes and inodes", () => {
  const { type, freeBytes, inodes, freeInodes } = fs.space(cameraFolder());
  expect(type).toBeGreaterThan(0);
  // A disk with less than a block left would not have held the folder; some file systems count no inodes.
  expect(freeBytes).toBeGreaterThan(4096);
  expect(freeInodes).toBeLessThanOrEqual(inodes);
});
