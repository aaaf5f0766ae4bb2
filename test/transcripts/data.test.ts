import { expect, test } from "vitest";
import { packetLine } from "../../src/simulator/index.ts";
import { committedRecordings, folderRecordings, originalFolder, recordedVersions } from "./data.ts";
import { recordingOf } from "./recording.ts";

const versions = recordedVersions();

test("three servers were recorded", () => {
  expect(versions).toEqual(["3.9.1", "4.0.2", "4.3.1.3"]);
});

test.each(versions)("the recordings of %s are those of the neighbouring folder, where that is present", (version) => {
  const folder = originalFolder(version);
  const committed = committedRecordings(version);
  expect(folder === undefined ? committed : folderRecordings(folder)).toEqual(committed);
});

test("a long packet is told by its beginning, its filling and its end, and its hash is checked", () => {
  const recording = committedRecordings("4.3.1.3").find((one) => one.case === "size-65536");
  if (recording === undefined || "other" in recording) throw new Error("There is no such recording.");
  const sizes = recordingOf(recording).packets.map(({ bytes }) => bytes.length);
  expect(Math.max(...sizes)).toBe(65_540);
  const [way, at, segment, connection, bytes] = recording.packets[4] ?? [];
  if (way === undefined || at === undefined || segment === undefined || connection === undefined) throw new Error();
  if (typeof bytes !== "object") throw new Error("The packet is not a long one.");
  const wrong = { ...recording, packets: [[way, at, segment, connection, { ...bytes, fill: "q" }] as const] };
  expect(() => recordingOf({ ...wrong, packets: wrong.packets.map(([...packet]) => packet) })).toThrow(
    /not what was recorded/,
  );
});

test("a packet in words reads as the recorder wrote it", () => {
  const bytes = Buffer.from("101700044d5154540482003c0000000970726f766973696f6e", "hex");
  expect(packetLine({ bytes, level: 4 }, "shown")).toBe(
    'CONNECT v4 clientId="" username="provision" password=absent clean=1 keepalive=60',
  );
});
