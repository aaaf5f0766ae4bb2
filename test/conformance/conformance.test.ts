import { expect, test } from "vitest";
import { committedRecordings } from "../transcripts/data.ts";
import { recordingOf } from "../transcripts/recording.ts";
import { cases, claims } from "./cases.ts";
import { play } from "./play.ts";
import { targetOf } from "./target.ts";

const recordings = new Map(
  committedRecordings("4.3.1.3").flatMap((one) => ("other" in one ? [] : [[one.case, recordingOf(one)] as const])),
);

test("the simulator is the same as the recorded server in every case of the conformance kit", async () => {
  await using target = await targetOf({});
  const different: string[] = [];
  for (const [index, name] of [...cases, ...claims].entries()) {
    const recording = recordings.get(name);
    const found =
      recording === undefined ? "no recording" : await play(recording, target, String(index).padStart(8, "0"));
    if (found !== undefined) different.push(`${name}: ${found}`);
  }
  expect(different).toEqual([]);
});

test("a server that is something else is noticed", async () => {
  const recording = recordings.get("create-server-token");
  await using target = await targetOf({});
  expect(recording && (await play(recording, { ...target, secret: "wrong" }, "1"))).toMatch(
    /^recorded PUBLISH .*SUCCESS.*, here PUBLISH .*NOT_FOUND/,
  );
});

test("a server that is named only by half is a mistake", async () => {
  await expect(targetOf({ TB_HOST: "127.0.0.1", TB_KEY: "key" })).rejects.toThrow("TB_SECRET");
});
