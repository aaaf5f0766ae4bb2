import { expect, it } from "vitest";
import { Secret } from "../../../src/base/secret.ts";
import { readJournal, reserveReceived, writeIntent, writeReceived } from "../../../src/files/journal.ts";
import { recordsIn } from "../folder.ts";
import { Luck } from "./luck.ts";
import { directory, MemoryDisk } from "./memory-disk.ts";
import { Session } from "./session.ts";

const host = "server.example";
const attempt = { attemptId: "44003925-778b-4da6-b494-3f19e768b8a8", deviceName: "thermal-camera-FIXED0", number: 1 };
const intent = {
  ...attempt,
  host,
  secret: new Secret("own"),
  replaces: null,
  newIdentity: false,
  createdAt: new Date(0),
};
const received = {
  ...attempt,
  credentials: { type: "ACCESS_TOKEN", accessToken: new Secret("granted") },
  deviceId: null,
  receivedAt: new Date(0),
} as const;

// What the random histories brought to light, as small as it gets.

it("writes a received record again whose sync failed, because the kernel believes it to be on the disk", () => {
  const disk = new MemoryDisk("in order");
  disk.put(`${directory}/provision.txt`, "");
  const { files } = new Session(disk, []);
  writeIntent(files, directory, intent);
  reserveReceived(files, directory, host);
  const failing = new Session(disk, [{ before: "sync", nth: 1, do: "lose" }]);
  expect(() => writeReceived(failing.files, directory, host, received)).toThrow("EIO");
  expect(readJournal(new Session(disk, []).files, directory, host).received).toHaveLength(1);
  for (let seed = 0; seed < 50; seed++) {
    const records = recordsIn(disk.afterPowerCut(new Luck(seed)).folder());
    expect(records.map(({ token }) => token)).toContain("granted");
  }
});
