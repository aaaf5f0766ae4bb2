import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { systemRandomness } from "../../../src/base/randomness.ts";
import { type FileSystem, nodeFileSystem } from "../../../src/files/disk/file-system.ts";
import { generateCredentials } from "../../../src/model/credentials.ts";
import { CameraFolders } from "../../../src/station/folder/camera-folder.ts";

function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "cameras-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

test("two stations may try the same folder at the same moment", () => {
  const folder = emptyFolder();
  let isFirst = true;
  const files: FileSystem = {
    ...nodeFileSystem,
    sync(handle) {
      nodeFileSystem.sync(handle);
      if (isFirst) new CameraFolders(nodeFileSystem, folder, undefined).check();
      isFirst = false;
    },
  };
  new CameraFolders(files, folder, undefined).check();
  expect([isFirst, readdirSync(folder)]).toEqual([false, []]);
});

test("what a killed station left half written is taken away: from the folder of all, and from the camera's", () => {
  const folder = emptyFolder();
  mkdirSync(join(folder, "C-1"), { mode: 0o700 });
  const left = [".trial.0123456789abcdef.tmp", "C-1/.thermal_config.json.0123456789abcdef.tmp", "C-1/notes.tmp"];
  for (const name of left) writeFileSync(join(folder, name), "half");
  const folders = new CameraFolders(nodeFileSystem, folder, undefined);
  folders.check();
  folders.write("C-1", {
    change: {
      deviceId: null,
      credentials: generateCredentials("ACCESS_TOKEN", systemRandomness),
      host: "tb.example",
      serverPort: 1883,
      useSsl: false,
      provisionedAt: new Date(0),
      attemptId: "",
    },
  });
  expect(readdirSync(folder)).toEqual(["C-1"]);
  expect(readdirSync(join(folder, "C-1")).toSorted()).toEqual(["notes.tmp", "thermal_config.json"]);
});
