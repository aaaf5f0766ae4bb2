import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generate } from "mqtt-packet";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readFolder } from "../transcripts/data.ts";
import { compact, recordingOf } from "../transcripts/recording.ts";
import { replayAll } from "../transcripts/replay.ts";
import { CaseRecorder } from "./case-recorder.ts";
import { isIdPush } from "./device-id.ts";
import { Kit } from "./kit.ts";
import { compareRandomly } from "./random/compare.ts";
import { ownTarget, simulatorTarget } from "./server/own-target.ts";
import { tellIds, tenant } from "./server/tenant.ts";
import { Wire } from "./wire.ts";

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

test("one recording of many sessions, as --record of the command writes it, is replayed the same", async () => {
  await using server = await tenant();
  const quiet = { signal: new AbortController().signal, fileFor: () => undefined, tookAway: () => {} };
  const { host, port } = server.simulator;
  await using target = await ownTarget(server.login(), { host, port }, {}, quiet);
  const recorder = server.simulator.record("many sessions");
  const kit = new Kit(target, "1f0001");
  await kit.logIn();
  for (const name of kit.names.filter((each) => !each.startsWith("rest-"))) await kit.play(name);
  const { differences, sessions } = await compareRandomly(target, {
    seed: 1,
    count: 40,
    token: "1f0001-conformance",
    prefix: "1f0002",
  });
  expect([sessions, differences]).toEqual([40, []]);
  const stillOpen = await Wire.open({ host, port });
  const login = { clientId: "", username: "provision", clean: true, keepalive: 60 };
  stillOpen.write(generate({ cmd: "connect", protocolId: "MQTT", protocolVersion: 4, ...login }));
  expect((await stillOpen.next())?.toString("hex")).toBe("20020000");
  const recording = compact("many sessions", JSON.parse(JSON.stringify(recorder.stop())));
  stillOpen.close();
  if ("other" in recording) throw new Error("The recording has another form.");
  const [replayed] = await replayAll([recordingOf(recording)], []);
  expect(replayed?.packets).toBeGreaterThan(700);
  expect(replayed?.differences).toEqual([]);
}, 60_000);
