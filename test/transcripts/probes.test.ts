import { readFileSync } from "node:fs";
import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { milliseconds } from "../../src/base/duration.ts";
import { accessToken, packetLine, Simulator } from "../../src/simulator/index.ts";
import { FakeClock, settle } from "../base/fake-clock.ts";
import { compactRecording, type Recording, recordingOf } from "./recording.ts";

/** What the recordings of the probe on the short topic say of the device's profile. */
const profileSchema = v.object({
  transport_type: v.picklist(["DEFAULT", "MQTT"]),
  payload: v.nullable(
    v.object({
      type: v.picklist(["JSON", "PROTOBUF"]),
      compatible_with_json: v.nullable(v.boolean()),
      json_downlink: v.nullable(v.boolean()),
    }),
  ),
});
const effectSchema = v.object({ credentials_id: v.string(), shared_attributes: v.object({ deviceId: v.string() }) });

/** The administrator has set the attribute so long after the beginning. */
const setAfter = 700;

describe.each(["3.4.0", "3.9.1", "4.3.1.3"])("the probe on the short topic, recorded on %s", (version) => {
  const lines = readFileSync(`test/transcripts/probes/${version}.jsonl`, "utf8").trimEnd().split("\n");
  const recordings = lines.map((line) => v.parse(compactRecording, JSON.parse(line)));

  test.each(recordings)("$case is answered to the byte", async (compact) => {
    const recording = recordingOf(compact);
    const recorded = recording.packets.filter(({ sent }) => !sent).map(({ bytes }) => words(bytes));
    expect((await play(recording, compact.profile)).map(words)).toEqual(recorded);
  });
});

test("over sixty sessions were recorded", () => {
  const files = ["3.4.0", "3.9.1", "4.3.1.3"].map((version) => `test/transcripts/probes/${version}.jsonl`);
  expect(files.flatMap((file) => readFileSync(file, "utf8").trimEnd().split("\n")).length).toBeGreaterThan(60);
});

async function play(recording: Recording, recordedProfile: unknown): Promise<Buffer[]> {
  const { transport_type, payload } = v.parse(profileSchema, recordedProfile);
  const effect = v.parse(effectSchema, recording.effect);
  const clock = new FakeClock();
  await using simulator = await Simulator.start({
    clock,
    version: recording.version,
    profiles: [
      {
        name: "probed",
        provisionType: "DISABLED",
        transportType: transport_type,
        ...(payload === null ? {} : { payloadType: payload.type }),
        acceptsJsonAsWell: payload?.compatible_with_json === true,
        answersInJson: payload?.json_downlink === true,
      },
    ],
    devices: [{ name: "cam", credentials: accessToken(effect.credentials_id) }],
  });
  const stream = simulator.connect();
  const received: Buffer[] = [];
  stream.on("data", (chunk: Buffer) => received.push(chunk));
  const sent = recording.packets.filter((packet) => packet.sent);
  for (const segment of new Set(sent.map((packet) => packet.segment))) {
    const packets = sent.filter((packet) => packet.segment === segment);
    const at = packets[0]?.at ?? 0;
    if (clock.elapsed() < setAfter && at > setAfter) {
      await clock.advance(milliseconds(setAfter - clock.elapsed()));
      simulator.setAttributes("cam", effect.shared_attributes);
      await settle();
    }
    await clock.advance(milliseconds(Math.max(0, at - clock.elapsed())));
    stream.write(Buffer.concat(packets.map(({ bytes }) => bytes)));
    await settle();
  }
  stream.destroy();
  return received;
}

/** Without the time of a value, a varint of six bytes after `08` at the beginning of an update in protobuf. */
function words(bytes: Buffer): string {
  return packetLine({ bytes, level: 4 }, "shown").replace(/(?<=payload=hex:0a3b08).{12}/, "*".repeat(12));
}
