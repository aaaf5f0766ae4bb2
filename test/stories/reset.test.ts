import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { nodeFileSystem } from "../../src/files/disk/file-system.ts";
import { writeIntent } from "../../src/files/journal/journal.ts";
import { folderOf } from "../../src/files/journal/journal-folder.ts";
import { inspect } from "../../src/inspect.ts";
import { reset } from "../../src/reset.ts";
import { cameraFolder } from "../files/camera-folder.ts";
import { intent } from "../files/sample.ts";

const long = `${"a".repeat(60)}.`.repeat(4);

it.each(["::1", "fe80::1", "camera_server", "192.168.1.5", "eu.thingsboard.cloud", long])(
  "a reset puts aside what is unfinished on %s, and tells the host",
  async (host) => {
    const directory = cameraFolder();
    writeIntent(nodeFileSystem, directory, intent({ host }));
    // Nobody can read any more which host it was for.
    writeFileSync(join(directory, ".thermal-provision", folderOf(host), "intent-1.json"), "damaged");
    const told = host === long ? folderOf(host) : host;
    expect((await inspect({ directory })).journals).toEqual([{ host: told, deviceNames: [], granted: false }]);
    const [putAside, ...others] = await reset({ directory });
    expect(putAside?.host).toBe(told);
    expect(others).toEqual([]);
    expect(readdirSync(putAside?.place ?? "")).toEqual(["intent-1.json"]);
    expect((await inspect({ directory })).journals).toEqual([]);
  },
);

const records: Record<string, (path: string) => void> = {
  "a link": (path) => symlinkSync("intent-1.json", path),
  "a folder": (path) => mkdirSync(path),
  "too large": (path) => writeFileSync(path, " ".repeat(70_000)),
};

it.each(Object.entries(records))("a reset is not kept from its work by a record that is %s", async (_, put) => {
  const directory = cameraFolder();
  writeIntent(nodeFileSystem, directory, intent());
  put(join(directory, ".thermal-provision", intent().host, "received-1.json"));
  expect((await inspect({ directory })).journals).toMatchObject([{ deviceNames: [intent().deviceName] }]);
  expect(await reset({ directory })).toHaveLength(1);
  expect((await inspect({ directory })).journals).toEqual([]);
});
