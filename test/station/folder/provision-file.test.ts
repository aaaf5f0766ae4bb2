import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { nodeFileSystem } from "../../../src/files/disk/file-system.ts";
import { ProvisioningError } from "../../../src/model/errors.ts";
import { readProvisionFile } from "../../../src/station/folder/provision-file.ts";
import { cameraFolder } from "../../files/camera-folder.ts";

it("a station's provision file does not have a secret quoted that somebody wrote as a key", () => {
  const path = join(cameraFolder(), "server.json");
  writeFileSync(path, '{ "host": "tb.example", "server_port": 1883,\n "hunter2HUNTER": 1,\n "hunter2HUNTER": 2 }');
  try {
    readProvisionFile(nodeFileSystem, path);
    expect.unreachable();
  } catch (error) {
    const told = ProvisioningError.is(error) ? error.problems : [];
    expect(told.map(({ path: keys, found, line }) => [keys, found, line])).toEqual([
      [[], "the same key a second time", 3],
      [["host"], "an unknown key", 1],
      [[], "an unknown key", 2],
    ]);
    expect(`${error}`).not.toContain("hunter");
  }
});
