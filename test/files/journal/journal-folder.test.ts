import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { folderOf, hostOf, recordName, recordOf } from "../../../src/files/journal/journal-folder.ts";

describe("the folder of a server", () => {
  it("is named after the host", () => {
    expect(folderOf("eu.thingsboard.cloud")).toBe("eu.thingsboard.cloud");
    expect(folderOf("192.168.1.5")).toBe("192.168.1.5");
    expect(folderOf("fe80::1")).toBe("fe80_3a_3a1");
    expect(folderOf("my_host")).toBe("my_5fhost");
    expect(folderOf("..")).toBe("_2e_2e");
    expect(folderOf("../../etc")).toBe("_2e._2f.._2fetc");
    expect(folderOf("Zürich")).toBe("_5a_c3_bcrich");
    expect(folderOf("a\tb")).toBe("a_09b");
    expect(folderOf("a".repeat(200))).toBe("a".repeat(200));
    expect(folderOf("")).toMatch(/^_sha256-[0-9a-f]{64}$/);
    expect(folderOf("a".repeat(253))).toMatch(/^_sha256-[0-9a-f]{64}$/);
  });

  it("tells the host, but for one that was hashed", () => {
    for (const host of ["eu.thingsboard.cloud", "fe80::1", "my_host", "..", "Zürich"]) {
      expect(hostOf(folderOf(host))).toBe(host);
    }
    for (const name of [folderOf(""), "my_host", "_ff"]) expect(hostOf(name)).toBe(name);
  });

  it("is legal on every file system, FAT included, and never that of another host", () => {
    const character = fc.constantFrom(..."abz09.-_:@/\\%AZü ");
    const anyHost = fc.oneof(fc.string({ unit: character, maxLength: 12 }), fc.string({ maxLength: 300 }));
    fc.assert(
      fc.property(anyHost, anyHost, (one, other) => {
        expect(folderOf(one)).toMatch(/^(?!\.)[a-z0-9._-]{1,220}(?<!\.)$/);
        if (one !== other) expect(folderOf(one)).not.toBe(folderOf(other));
        const told = hostOf(folderOf(one));
        if (told !== folderOf(one)) expect(told).toBe(one);
      }),
      { numRuns: 2000 },
    );
  });
});

describe("the name of a record", () => {
  it("says its kind and number, and goes both ways", () => {
    expect(recordOf("intent-1.json")).toEqual({ kind: "intent", number: 1 });
    expect(recordOf("received-12.json")).toEqual({ kind: "received", number: 12 });
    for (const name of ["intent-1.json", "received-999999.json"]) {
      const record = recordOf(name);
      expect(record && recordName(record)).toBe(name);
    }
  });

  it("is exact: anything else is no record", () => {
    const others = [
      "intent-0.json",
      "intent-01.json",
      "intent-1.json.broken.x",
      ".intent-1.json",
      "intent-1",
      "x-1.json",
    ];
    expect(others.map(recordOf).filter((record) => record !== undefined)).toEqual([]);
  });
});
