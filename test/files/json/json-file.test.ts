import { mkdirSync, statSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { nodeFileSystem } from "../../../src/files/disk/file-system.ts";
import { jsonFilesIn, readJsonFile, whyNotWritable, writeJsonFile } from "../../../src/files/json/json-file.ts";
import { cameraFolder, filesIn, namesIn } from "../camera-folder.ts";
import { failingAt, recorded } from "../disk/watched-file-system.ts";

const fs = nodeFileSystem;

describe("a JSON file that a person named", () => {
  const fileWith = (text: string) => join(cameraFolder({ "a.json": text }), "a.json");

  it("is absent, unusable with the reason and the place, or read", () => {
    expect(readJsonFile(fs, join(cameraFolder(), "a.json"), 1024)).toEqual({ kind: "absent" });
    const large = fileWith(" ".repeat(1025));
    expect(readJsonFile(fs, large, 1024)).toEqual({
      kind: "unusable",
      problems: [{ file: large, path: [], found: "a larger file", expected: "at most 1 KiB" }],
    });
    const broken = fileWith("{\n7}");
    expect(readJsonFile(fs, broken, 1024)).toMatchObject({
      kind: "unusable",
      problems: [{ file: broken, line: 2, column: 1, path: [], found: "a number", expected: 'a key in "quotes"' }],
    });
    expect(readJsonFile(fs, fileWith('{"a": [1]} // all'), 1024)).toMatchObject({ kind: "read", value: { a: [1] } });
    expect(() => readJsonFile(failingAt("read", "EIO"), broken, 1024)).toThrow(
      `reading ${broken} failed: the disk reported an error (EIO)`,
    );
  });

  it("knows the place of a value, or of the innermost one around it that is there", () => {
    const path = fileWith('{\n  "list": [\n    {"a": 1}\n  ]\n}');
    const json = readJsonFile(fs, path, 1024);
    if (json.kind !== "read") throw new Error("it is right");
    const placeOf = (...names: (string | number)[]) => {
      const { file, line, column } = json.locate({ path: names, found: "x", expected: "y" });
      return [file, line, column];
    };
    expect(placeOf("list", 0, "a")).toEqual([path, 3, 11]);
    expect(placeOf("list", 0, "b")).toEqual([path, 3, 5]);
    expect(placeOf("list", 7)).toEqual([path, 2, 11]);
    expect(placeOf()).toEqual([path, 1, 1]);
  });

  it("knows the keys that stand in their object a second time, however deep", () => {
    const json = readJsonFile(fs, fileWith('{"a": 1, "a": 2,\n"list": [0, {"b": {"c": 1, "c": 2}}]}'), 1024);
    const duplicates = json.kind === "read" ? json.duplicates() : [];
    expect(duplicates.map(({ line, column, path }) => [line, column, path])).toEqual([
      [1, 10, ["a"]],
      [2, 28, ["list", 1, "b", "c"]],
    ]);
  });
});

describe("writing a JSON file", () => {
  it("makes a private file, and keeps the rights of one that is there", () => {
    const directory = cameraFolder();
    const path = join(directory, "a.json");
    for (const durably of [true, false]) {
      const { files, calls } = recorded();
      writeJsonFile(files, path, { a: [1] }, durably);
      expect(filesIn(directory)).toEqual({ "a.json": '{\n  "a": [\n    1\n  ]\n}\n' });
      expect(calls.includes("sync")).toBe(durably);
      expect(statSync(path).mode & 0o777).toBe(0o600);
    }
    expect(() => writeJsonFile(failingAt("write", "EIO"), path, {}, true)).toThrow(`writing ${path} failed:`);
  });

  it("can be found out beforehand to be impossible, without a trace", () => {
    const directory = cameraFolder({ "a.json": "old" });
    mkdirSync(join(directory, "folder"));
    symlinkSync("a.json", join(directory, "link"));
    expect(whyNotWritable(fs, join(directory, "a.json"))).toBeUndefined();
    expect(whyNotWritable(fs, join(directory, "new.json"))).toBeUndefined();
    expect(whyNotWritable(fs, join(directory, "folder"))).toBe("it is a folder");
    expect(whyNotWritable(fs, join(directory, "link"))).toBe("it is a link");
    expect(whyNotWritable(failingAt("open", "EROFS"), join(directory, "a.json"))).toBe("EROFS");
    expect(() =>
      whyNotWritable(
        {
          ...fs,
          lstat() {
            throw new TypeError("ours");
          },
        },
        "a.json",
      ),
    ).toThrow(TypeError);
    expect(namesIn(directory)).toEqual(["a.json", "link"]);
    expect(filesIn(directory)["a.json"]).toBe("old");
  });
});

describe("the JSON files of a folder", () => {
  it("are named in their order, without their ending", () => {
    const directory = cameraFolder({ "b.json": "", "a.json": "", "c.txt": "", "d.json.bak": "" });
    const backwards = { ...fs, list: (path: string) => [...fs.list(path)].sort().reverse() };
    expect(jsonFilesIn(backwards, directory)).toEqual(["a", "b"]);
    expect(jsonFilesIn(fs, join(directory, "missing"))).toEqual([]);
    expect(() => jsonFilesIn(failingAt("list", "EIO"), directory)).toThrow(`reading ${directory} failed:`);
    expect(() => jsonFilesIn(failingAt("lstat", "EACCES"), directory)).toThrow(`looking at ${directory} failed:`);
  });
});
