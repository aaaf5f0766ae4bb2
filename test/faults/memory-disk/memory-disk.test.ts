import { describe, expect, it } from "vitest";
import { type FileSystem, syncFile, syncFolder } from "../../../src/files/disk/file-system.ts";
import { Killed } from "../../files/disk/watched-file-system.ts";
import { Luck } from "./luck.ts";
import { directory, MemoryDisk } from "./memory-disk.ts";
import type { Forgetting } from "./power-cut.ts";
import { type Interruption, Session } from "./session.ts";

const path = (name: string) => `${directory}/${name}`;

function diskWith(forgetting: Forgetting, names: readonly string[] = ["other"]) {
  const disk = new MemoryDisk(forgetting);
  for (const name of names) disk.put(path(name), name);
  return { disk, files: new Session(disk, []).files };
}

function write(files: FileSystem, name: string, text: string, { sync = true } = {}): void {
  const handle = files.open(path(name), "create", 0o600);
  files.write(handle, Buffer.from(text), 0);
  if (sync) files.sync(handle);
  files.close(handle);
}

/** Everything that a power cut may leave, by the names and texts in the folder. */
function afterPowerCuts(disk: MemoryDisk): readonly string[] {
  const found = Array.from({ length: 300 }, (_, seed) => {
    const entries = [...disk.afterPowerCut(new Luck(seed)).folder()];
    return entries.map(([name, { bytes }]) => `${name}=${bytes}`).sort();
  });
  return [...new Set(found.map((entries) => entries.join(" ")))].sort();
}

describe.each(["in order", "any subset", "FAT"] as const)("a disk that forgets (%s)", (forgetting) => {
  it("may lose a new file until its folder is synced, however often the file is", () => {
    const { disk, files } = diskWith(forgetting);
    write(files, "new", "text");
    syncFile(files, path("new"));
    expect(afterPowerCuts(disk)).toEqual(["new=text other=other", "other=other"]);
    syncFolder(files, directory);
    expect(afterPowerCuts(disk)).toEqual(["new=text other=other"]);
  });

  it("loses, tears or blanks what was written and not synced", () => {
    const { disk, files } = diskWith(forgetting);
    write(files, "new", "text", { sync: false });
    syncFolder(files, directory);
    const blank = "\0".repeat(4);
    expect(afterPowerCuts(disk)).toEqual(
      ["", blank, "t", "t\0\0\0", "te", "te\0\0", "tex", "tex\0", "text"]
        .map((text) => `new=${text} other=other`)
        .sort(),
    );
    syncFile(files, path("new"));
    expect(afterPowerCuts(disk)).toEqual(["new=text other=other"]);
  });

  it("may bring back what was removed until the folder is synced", () => {
    const { disk, files } = diskWith(forgetting);
    files.unlink(path("other"));
    expect(afterPowerCuts(disk)).toEqual(["", "other=other"]);
    syncFolder(files, directory);
    expect(afterPowerCuts(disk)).toEqual([""]);
  });

  it("may lose a folder with all that is in it until its own folder is synced", () => {
    const { disk, files } = diskWith(forgetting);
    files.makeFolder(path("folder"), 0o700);
    write(files, "folder/new", "text");
    expect(afterPowerCuts(disk)).toContain("other=other");
    syncFolder(files, path("folder"));
    syncFolder(files, directory);
    expect(afterPowerCuts(disk)).toEqual(["folder/new=text folder= other=other"]);
  });

  it("believes bytes written whose sync has failed, and loses them", () => {
    const { disk } = diskWith(forgetting);
    const { files } = new Session(disk, [{ before: "sync", nth: 1, do: "lose" }]);
    expect(() => write(files, "new", "text")).toThrow("EIO");
    syncFile(files, path("new"));
    syncFolder(files, directory);
    expect(afterPowerCuts(disk)).toContain("new= other=other");
  });

  it("forgets nothing when a process ends", () => {
    const { disk, files } = diskWith(forgetting);
    write(files, "new", "text", { sync: false });
    expect(disk.folder().get("new")?.bytes.toString()).toBe("text");
    expect(new Session(disk, []).files.lstat(path("new"))?.size).toBe(4);
  });
});

describe("changes of names that were not synced", () => {
  function makeThree(forgetting: Forgetting): readonly string[] {
    const { disk, files } = diskWith(forgetting, []);
    disk.put(path("x"), "");
    disk.remove(path("x"));
    for (const name of ["a", "b", "c"]) write(files, name, "");
    return afterPowerCuts(disk);
  }

  it("are kept up to one of them, in order", () => {
    expect(makeThree("in order")).toEqual(["", "a=", "a= b=", "a= b= c="]);
  });

  it("are kept in any combination", () => {
    expect(makeThree("any subset")).toEqual(["", "a=", "a= b=", "a= b= c=", "a= c=", "b=", "b= c=", "c="]);
  });

  it("last in order with a later one of another folder, and not where any may be lost", () => {
    const second = (forgetting: Forgetting) => {
      const { disk, files } = diskWith(forgetting, ["folder/old"]);
      write(files, "first", "");
      write(files, "folder/second", "");
      syncFolder(files, path("folder"));
      return afterPowerCuts(disk);
    };
    expect(second("in order")).toEqual(["first= folder/old=folder/old folder/second= folder="]);
    expect(second("any subset")).toContain("folder/old=folder/old folder/second= folder=");
  });
});

describe("a rename", () => {
  it.each(["in order", "any subset"] as const)("is done or not, and never loses both names (%s)", (forgetting) => {
    const { disk, files } = diskWith(forgetting, ["from", "to"]);
    files.rename(path("from"), path("to"));
    expect(afterPowerCuts(disk)).toEqual(["from=from to=to", "to=from"]);
  });

  it("can lose both names on FAT, where nothing had the new one", () => {
    const { disk, files } = diskWith("FAT", ["from"]);
    files.rename(path("from"), path("to"));
    syncFile(files, path("to"));
    expect(afterPowerCuts(disk)).toEqual(["", "from=from", "from=from to=from", "to=from"]);
  });

  it("points to nothing on FAT when the folder is synced and the moved file is not", () => {
    const { disk, files } = diskWith("FAT", ["from", "to"]);
    files.rename(path("from"), path("to"));
    syncFolder(files, directory);
    expect(afterPowerCuts(disk)).toEqual(["to=", "to=\0\0\0\0"]);
    syncFile(files, path("to"));
    expect(afterPowerCuts(disk)).toEqual(["to=from"]);
  });

  it("of one name of a file to another of its names does nothing, as on Linux", () => {
    const { disk, files } = diskWith("in order", ["one"]);
    files.link(path("one"), path("two"));
    files.rename(path("one"), path("two"));
    expect([...disk.folder().keys()]).toEqual(["one", "two"]);
  });
});

describe("FAT", () => {
  it("has no links, no modes and no owners", () => {
    const { disk, files } = diskWith("FAT");
    write(files, "new", "");
    const handle = files.open(path("new"), "overwrite");
    files.chmod(handle, 0o600);
    expect(files.stat(handle).mode).toBe(0o755);
    expect(() => files.chown(handle, 1, 1)).toThrow("EPERM");
    expect(() => files.link(path("new"), path("other name"))).toThrow("EPERM");
    expect(disk.folder().has("other name")).toBe(false);
  });
});

describe("a session", () => {
  const session = (interruption: Interruption) => {
    const { disk } = diskWith("in order");
    return { disk, files: new Session(disk, [interruption]).files };
  };

  it("that is killed does nothing any more, whatever is tried while the error goes up", () => {
    const { disk, files } = session({ before: "sync", nth: 1, do: "kill" });
    expect(() => {
      try {
        write(files, "new", "text");
      } finally {
        expect(() => files.unlink(path("new"))).toThrow(Killed);
      }
    }).toThrow(Killed);
    expect(disk.folder().has("new")).toBe(true);
  });

  it("fails once, at the call that was named", () => {
    const { files } = session({ before: "call", nth: 2, do: "fail", code: "EDQUOT" });
    expect(files.list(directory)).toEqual(["other"]);
    expect(() => files.list(directory)).toThrow("Unknown system error -122");
    expect(files.list(directory)).toEqual(["other"]);
  });

  it("on a disk that fills up writes a part first, and says so only then", () => {
    const { files } = session({ before: "write", nth: 1, do: "fill", room: 3 });
    const handle = files.open(path("new"), "create", 0o600);
    expect(files.write(handle, Buffer.from("text"), 0)).toBe(3);
    expect(() => files.write(handle, Buffer.from("t"), 3)).toThrow("ENOSPC");
    expect(() => files.open(path("newer"), "create", 0o600)).toThrow("ENOSPC");
    expect(files.write(handle, Buffer.from("TEX"), 0)).toBe(3);
  });

  it("on a disk that becomes read-only reads on, and changes nothing", () => {
    const { disk, files } = session({ before: "call", nth: 1, do: "read-only" });
    expect(files.lstat(path("other"))?.size).toBe(5);
    for (const change of [
      () => files.open(path("new"), "create", 0o600),
      () => files.open(path("other"), "overwrite"),
      () => files.rename(path("other"), path("new")),
      () => files.link(path("other"), path("new")),
      () => files.unlink(path("other")),
      () => files.makeFolder(path("folder"), 0o700),
    ]) {
      expect(change).toThrow("EROFS");
    }
    expect([...disk.folder().keys()]).toEqual(["other"]);
  });
});
