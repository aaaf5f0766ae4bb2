import { describe, expect, it } from "vitest";
import { nodeFileSystem } from "../../../src/files/disk/file-system.ts";
import { isForgetful, mountIdOf, parseMounts } from "../../../src/files/disk/mounts.ts";
import { cameraFolder } from "../camera-folder.ts";

describe("a line of mountinfo", () => {
  it("says number, place, type and options, with or without other fields before the hyphen", () => {
    expect(
      parseMounts("36 35 98:0 /mnt1 /mnt/a\\040b rw,noatime master:1 - ext3 /dev/root rw,errors=continue\n"),
    ).toEqual([{ id: 36, point: "/mnt/a b", readOnly: false, type: "ext3", options: ["rw", "errors=continue"] }]);
    expect(parseMounts("24 1 8:1 / / rw - ext4 /dev/sda1")).toEqual([
      { id: 24, point: "/", readOnly: false, type: "ext4", options: [""] },
    ]);
  });

  it.each([
    ["the mount is", "24 1 8:1 / / ro,noatime - ext4 /dev/sda1 rw"],
    ["the file system itself is", "24 1 8:1 / / rw - ext4 /dev/sda1 ro"],
  ])("is read-only where %s", (_, line) => {
    expect(parseMounts(line)).toMatchObject([{ readOnly: true }]);
  });

  it.each([
    ["empty", ""],
    ["without a hyphen", "36 35 98:0 / /mnt rw"],
    ["without a place", "36 35 98:0 - ext3 /dev/root rw"],
    ["without a number", " 35 98:0 / /mnt rw - ext3 /dev/root rw"],
    ["without a type", "36 35 98:0 / /mnt rw -  /dev/root rw"],
  ])("that is %s is left out", (_, line) => {
    expect(parseMounts(`${line}\n`)).toEqual([]);
  });
});

describe("whether a mount forgets at a reboot", () => {
  /** Of the mounts of these lines the last. */
  const lastForgets = (...lines: readonly string[]) => {
    const mounts = parseMounts(lines.join("\n"));
    const last = mounts.at(-1);
    if (last === undefined) throw new Error("there is no mount");
    return isForgetful(last, mounts);
  };
  const memory = "2 1 0:2 / /run rw - tmpfs tmpfs rw";
  const disk = "3 1 8:1 / / rw - ext4 /dev/sda1 rw";
  const overlay = (point: string, upper: string) => `9 1 0:9 / ${point} rw - overlay overlay rw,upperdir=${upper}`;

  it("an overlay does when it writes to memory, also by way of another overlay", () => {
    expect(lastForgets(disk, memory, overlay("/data", "/run/upper"))).toBe(true);
    expect(lastForgets(disk, memory, overlay("/middle", "/run/upper"), overlay("/data", "/middle/upper"))).toBe(true);
    expect(lastForgets(disk, memory, overlay("/data", "/runs/upper"))).toBe(false);
    expect(lastForgets(disk, memory, overlay("/data", "/run"))).toBe(true);
    expect(lastForgets(memory, overlay("/data", "/other/upper"))).toBe(false);
  });

  it("the longest place counts, and of two mounts at one place the later", () => {
    const inMemory = "4 3 8:2 / /run/kept rw - ext4 /dev/sda2 rw";
    expect(lastForgets(disk, inMemory, memory, overlay("/data", "/run/kept/upper"))).toBe(false);
    expect(lastForgets(disk, memory, inMemory, overlay("/data", "/run/kept/upper"))).toBe(false);
    const diskAtRun = "5 1 8:3 / /run rw - ext4 /dev/sda3 rw";
    expect(lastForgets(memory, diskAtRun, overlay("/data", "/run/upper"))).toBe(false);
    expect(lastForgets(diskAtRun, memory, overlay("/data", "/run/upper"))).toBe(true);
  });

  it("everything is below the root, be that memory or an overlay", () => {
    expect(lastForgets("1 0 0:1 / / rw - tmpfs tmpfs rw", overlay("/data", "/upper"))).toBe(true);
    expect(lastForgets(memory, overlay("/", "/run/upper"))).toBe(true);
  });

  it("a relative upper folder, as it may be given to mount(8), lies nobody knows where", () => {
    expect(lastForgets("1 0 0:1 / / rw - tmpfs tmpfs rw", overlay("/data", "upper"))).toBe(false);
  });

  it("an option of that name says nothing where there is no overlay", () => {
    expect(lastForgets(disk, memory, "9 1 8:9 / /data rw - ext4 /dev/sdb1 rw,upperdir=/run/upper")).toBe(false);
  });

  it("overlays that seem to lie on each other, or on themselves, end the search", () => {
    expect(lastForgets(overlay("/b", "/a/upper"), overlay("/a", "/b/upper"))).toBe(false);
    expect(lastForgets(overlay("/a", "/a/upper"))).toBe(false);
    // Its upper folder is hidden below itself: what lies there besides is not what it writes to.
    expect(lastForgets("1 0 0:1 / /a rw - tmpfs tmpfs rw", overlay("/a", "/a/upper"))).toBe(false);
  });
});

describe("the mount of an open file", () => {
  it("is told by the system", () => {
    const folder = nodeFileSystem.open(cameraFolder(), "folder");
    expect(mountIdOf(nodeFileSystem, folder)).toBeGreaterThan(0);
    nodeFileSystem.close(folder);
    expect(mountIdOf(nodeFileSystem, folder)).toBeUndefined();
  });
});
