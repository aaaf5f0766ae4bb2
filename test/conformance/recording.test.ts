import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readFolder } from "../transcripts/data.ts";
import { recordingOf } from "../transcripts/recording.ts";
import { replayAll } from "../transcripts/replay.ts";
import { CaseRecorder } from "./case-recorder.ts";
import { isIdPush } from "./device-id.ts";
import { Kit } from "./kit.ts";
import { ownTarget, simulatorTarget } from "./server/own-target.ts";
import { tellIds, tenant } from "./server/tenant.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "kit-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

test.each([
  ["3.4", "every case"],
  ["3.6.1", "ten cases"],
  ["4.3.1.3", "every case"],
])(
  "what the kit records of a server %s, %s, is replayed the same, without knowing anything else",
  async (version, many) => {
    const signal = new AbortController().signal;
    const quiet = { signal, fileFor: () => undefined, tookAway: () => {} };
    await using target = await simulatorTarget({ TB_VERSION: version }, quiet);
    if (target.own === undefined) throw new Error("The simulator is set up by the kit.");
    const recorder = new CaseRecorder(target, target.own, folder);
    const kit = new Kit(target, "1f0001");
    await kit.logIn();
    const names = kit.names
      .filter((name) => !/^(own-device-id|rest-)/.test(name))
      .slice(0, many === "ten cases" ? 10 : 184);
    for (const name of names) await kit.play(name, recorder);
    const { recordings, unusable } = readFolder(folder);
    expect([recordings.length, unusable]).toEqual([names.length, []]);
    const replayed = await replayAll(
      recordings.flatMap((one) => ("other" in one ? [] : [recordingOf(one)])),
      [],
    );
    expect(replayed.map((one) => one.version)).toEqual(replayed.map(() => version));
    const different = replayed.filter(({ differences }) => differences.length > 0);
    expect(different.map(({ name, differences }) => [name, differences])).toEqual([]);
  },
  60_000,
);

test("where the tenant's rule chain tells devices their ids, the push is recorded and replayed, too", async () => {
  await using server = await tenant();
  tellIds(server.simulator);
  const quiet = { signal: new AbortController().signal, fileFor: () => undefined, tookAway: () => {} };
  const { host, port } = server.simulator;
  await using target = await ownTarget(server.login(), { host, port }, {}, quiet);
  if (target.own === undefined) throw new Error("The server is set up by the kit.");
  const kit = new Kit(target, "1f0001");
  const recorder = new CaseRecorder(target, target.own, folder);
  await kit.logIn();
  expect(await kit.play("own-subscribe-filters", recorder)).toEqual({ is: "same" });
  const recordings = readFolder(folder).recordings.flatMap((one) => ("other" in one ? [] : [recordingOf(one)]));
  const pushes = recordings.flatMap(({ packets }) => packets.filter(({ bytes }) => isIdPush(bytes)));
  const [replayed] = await replayAll(recordings, []);
  expect([kit.tellsIds, pushes.length, replayed?.differences]).toEqual([true, 1, []]);
});
