import { describe, expect, it } from "vitest";
import { inspectionForPeople } from "../../../src/cli/status/inspection-for-people.ts";
import { stylesFor } from "../../../src/cli/text/styles.ts";
import type { Inspection } from "../../../src/inspect.ts";
import { status } from "../provision/outcomes.ts";

const now = new Date("2026-01-02T03:04:06.789Z");

const unknown: Inspection = {
  status: undefined,
  activity: "none",
  trigger: false,
  camera: {
    directory: "/camera",
    state: "not provisioned",
    device: undefined,
    missing: [],
    misnamedTrigger: undefined,
  },
  warnings: [],
  journals: [],
  putAside: [],
  backups: [],
  nextRun: "nothing",
  unreadable: undefined,
};

function told(changes: Partial<Inspection>): string {
  const look = { width: 200, styles: stylesFor({ colours: false }) };
  return inspectionForPeople({ ...unknown, ...changes }, look, now).join("\n");
}

const device = {
  deviceName: "thermal-camera-ABC123",
  deviceId: null,
  host: "tb.example.org",
  serverPort: 8883,
  useSsl: true,
  provisionedAt: new Date("2026-01-02T03:04:06.000Z"),
  attemptId: "11111111-2222-4333-8444-555555555555",
  body: null,
};

describe("the state of a folder for people", () => {
  it("without a status file says what the configuration says", () => {
    expect(told({ camera: { ...unknown.camera, state: "provisioned", device } })).toBe(
      "Camera      thermal-camera-ABC123 is provisioned (proved on 2026-01-02, not asked now)\n" +
        "Folder      /camera\n" +
        "Server      mqtts://tb.example.org:8883\n" +
        "Run         no run is known in this folder\n" +
        "Trigger     none\n" +
        "Next run    will do nothing, until there is a provision.txt",
    );
  });

  it("of a camera that is not provisioned names the folder, and what is missing in it", () => {
    const missing = ["provision.txt", "thermal_config.json"];
    expect(told({ camera: { ...unknown.camera, missing } })).toContain(
      "Folder      /camera\nMissing     provision.txt, thermal_config.json\n",
    );
  });

  it("of a camera at rest does not say that no run is known, where one has left its status", () => {
    expect(told({ status: { ...status, currentState: "IDLE" } })).toContain("Run         none is at work\n");
  });

  it("shows a blank in a misnamed trigger", () => {
    expect(told({ camera: { ...unknown.camera, misnamedTrigger: "provision.txt " } })).toContain(
      'Misnamed    "provision.txt " (for provision.txt?)\n',
    );
  });

  it("says how many former configurations there are, and how old the oldest is", () => {
    const path = "/camera/thermal_config.json.backup.1";
    const backup = (madeAt: string | null) => ({ path, madeAt: madeAt === null ? null : new Date(madeAt) });
    const newest = backup("2026-01-02T03:00:00.000Z");
    expect(told({ backups: [newest] })).toContain(
      "Backups     1 of 2026-01-02T03:00:00.000Z (each may hold former credentials)\n",
    );
    expect(told({ backups: [newest, backup("2025-10-23T14:30:00.000Z"), backup(null)] })).toContain(
      "Backups     3, the oldest of 2025-10-23T14:30:00.000Z, 70 days ago (each may hold former credentials; but for the newest, none stays longer than 90 days)\n",
    );
    expect(told({ backups: [backup(null)] })).toContain("Backups     1 (each may hold former credentials)\n");
  });

  it("in the pause of --wait says when the next try is, since when, and how many retries there were", () => {
    const waiting = { ...status, errorCount: 7, nextTryAt: new Date(now.getTime() + 11_400) };
    expect(told({ activity: "waiting", status: waiting })).toContain(
      "Run         waiting: the next try is in 12 s. Trying since 2026-01-02T03:04:05.678Z, 7 retries so far\n",
    );
  });

  it("of a wait that came to no end says when it was to go on", () => {
    const left = { ...status, nextTryAt: new Date(now.getTime() - 1000) };
    expect(told({ activity: "ended", status: left })).toContain(
      "Run         ended: it was to try again at 2026-01-02T03:04:05.789Z, and has not\n",
    );
  });

  it("names what was put aside, and how to remove it", () => {
    const place = "/camera/.thermal-provision/tb@20260102T030405Z";
    expect(told({ putAside: [place] })).toContain(
      `Put aside   ${place} (holds a token; \`reset --purge\` removes it, else a run 90 days later, when the camera is provisioned)\n`,
    );
  });

  it("says what this user may not read, and nothing of what the next run does then", () => {
    const text = told({ unreadable: "looking into /camera failed", nextRun: "unclear" });
    expect(text).toContain("Not seen    looking into /camera failed. The camera's own user sees the rest.");
    expect(text).not.toContain("Next run");
  });

  it("says of a configuration that this user may not read just that, and not that it cannot be used", () => {
    const camera = { ...unknown.camera, state: "unknown" } as const;
    const text = told({ unreadable: "looking into /camera failed", nextRun: "unclear", camera });
    expect(text).toContain("Camera      this user may not read thermal_config.json, so what this camera is");
    expect(told({ camera })).toContain("Camera      thermal_config.json cannot be used");
  });

  it("says that the clock was not set when the camera was provisioned", () => {
    const device = {
      ...{ deviceName: "hall", deviceId: null, host: "tb.example", serverPort: 8883, useSsl: true, attemptId: "a" },
      body: null,
      provisionedAt: new Date(1000),
    };
    const camera = { ...unknown.camera, state: "provisioned", device } as const;
    expect(told({ camera })).toContain(
      "Clock       provisioned_at is 1970-01-01T00:00:01.000Z, before this program was first made: the clock was not set then",
    );
    expect(told({ camera: { ...camera, device: { ...device, provisionedAt: now } } })).not.toContain("Clock");
    expect(told({ camera: { ...camera, state: "unproved" } })).not.toContain("Clock");
  });
});
