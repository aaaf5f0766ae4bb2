import { mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { nodeFileSystem } from "../../src/files/disk/file-system.ts";
import { encodeStatus, readStatus, writeStatus } from "../../src/files/status-file.ts";
import type { ProvisioningStatus } from "../../src/model/provisioning-status.ts";
import { cameraFolder, filesIn } from "./camera-folder.ts";
import { failingAt, recorded } from "./disk/watched-file-system.ts";
import { attemptId, now } from "./sample.ts";

const fs = nodeFileSystem;
const running: ProvisioningStatus = {
  currentState: "CONNECTING",
  startedAt: now,
  roundStartedAt: now,
  errorCount: 1,
  deviceName: "thermal-camera-ABC123",
  correlationId: attemptId,
};
const failed: ProvisioningStatus = {
  ...running,
  currentState: "FAILED_TIMEOUT",
  completedAt: new Date("2025-10-23T14:31:00.5Z"),
  lastError: "NO_ANSWER: no answer within 30 s",
};

describe("the status file", () => {
  it("names everything as the specification does", () => {
    const directory = cameraFolder();
    writeStatus(fs, directory, failed, { final: true });
    expect(filesIn(directory)).toEqual({
      "provisioning_status.json": `{
  "current_state": "FAILED_TIMEOUT",
  "started_at": "2025-10-23T14:30:00.000Z",
  "round_started_at": "2025-10-23T14:30:00.000Z",
  "completed_at": "2025-10-23T14:31:00.500Z",
  "error_count": 1,
  "last_error": "NO_ANSWER: no answer within 30 s",
  "device_name": "thermal-camera-ABC123",
  "correlation_id": "6f1c2f3e-0000-4000-8000-000000000001"
}
`,
    });
  });

  it("comes back as it was written", () => {
    const directory = cameraFolder();
    for (const status of [running, failed]) {
      writeStatus(fs, directory, status, { final: false });
      expect(readStatus(fs, directory)).toEqual(status);
    }
  });

  it("can be read by everybody", () => {
    const directory = cameraFolder({ "provisioning_status.json": "" });
    for (const final of [false, true]) {
      writeStatus(fs, directory, running, { final });
      expect(statSync(join(directory, "provisioning_status.json")).mode & 0o777).toBe(0o644);
    }
  });

  it("waits for the disk only at the end", () => {
    const { files, calls } = recorded();
    const directory = cameraFolder();
    writeStatus(files, directory, running, { final: false });
    expect(calls).not.toContain("sync");
    writeStatus(files, directory, failed, { final: true });
    expect(calls.filter((call) => call === "sync")).toHaveLength(3);
  });

  it("tells nothing when it is missing or odd", () => {
    expect(readStatus(fs, cameraFolder())).toBeUndefined();
    for (const text of ["", "{", "[]", "{}", '{"current_state": "DONE"}', "\0".repeat(300), " ".repeat(70_000)]) {
      expect(readStatus(fs, cameraFolder({ "provisioning_status.json": text }))).toBeUndefined();
    }
    expect(readStatus(fs, cameraFolder({ "provisioning_status.json/x": "" }))).toBeUndefined();
  });

  it("has no key for what is not known", () => {
    expect(Object.keys(encodeStatus(running))).toEqual([
      "current_state",
      "started_at",
      "round_started_at",
      "error_count",
      "device_name",
      "correlation_id",
    ]);
  });

  it("says why it cannot be read", () => {
    const directory = cameraFolder({ "provisioning_status.json": "{}" });
    expect(() => readStatus(failingAt("read", "EIO"), directory)).toThrow(
      /^reading .*provisioning_status\.json failed: the disk reported an error \(EIO\)$/,
    );
  });

  it("says why it cannot be written", () => {
    const directory = cameraFolder();
    mkdirSync(join(directory, "provisioning_status.json"));
    expect(() => writeStatus(fs, directory, running, { final: false })).toThrow(
      /^writing .*provisioning_status\.json failed: a folder is in the way \(EISDIR\)$/,
    );
    expect(fs.list(directory)).toEqual(["provisioning_status.json"]);
  });
});
