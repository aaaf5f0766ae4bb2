import { expect, it } from "vitest";
import { type Duration, milliseconds, seconds } from "../../../src/base/duration.ts";
import { ProvisioningCredentials } from "../../../src/model/provisioning-credentials.ts";
import { fileJournal } from "../../../src/run/journal-port.ts";
import { Report } from "../../../src/run/report.ts";
import { learnDeviceId } from "../../../src/run/steps/learn-device-id.ts";
import { surroundings } from "../../../src/run/surroundings.ts";
import type { Task } from "../../../src/run/task.ts";
import { Try } from "../../../src/run/tries.ts";
import { DeviceSession } from "../../../src/transport/device-session.ts";
import { FakeClock, settle } from "../../base/fake-clock.ts";
import { connack, linkPair, publish } from "../../transport/server-end.ts";

const id = "784f394c-42b6-435a-983c-b7beff2784f9";
const withId = `{"shared":{"deviceId":"${id}"}}`;

/** A verified connection on which the camera waits for its id, with 30 seconds for the whole try. */
async function waiting(deviceIdWithin: Duration, known: string | null = null) {
  const clock = new FakeClock();
  const effects = surroundings({ clock, deviceIdWithin });
  const credentials = ProvisioningCredentials({
    server_url: "tb.example",
    server_port: 1883,
    provision_device_key: "k",
    provision_device_secret: "s",
  });
  if (!credentials.ok) throw new Error("bad credentials");
  const task: Task = {
    surroundings: effects,
    report: new Report(effects),
    credentials: credentials.value,
    endpoint: { host: "tb.example", port: 1883 },
    journal: fileJournal(effects, "tb.example"),
    attemptId: "1",
  };
  const present = new Try(task, effects.signal);
  const { link, server } = linkPair();
  server.say(connack());
  const opening = {
    login: { clientId: "", userName: "token" },
    subscriptions: [],
    publish: { topic: "a", payload: new Uint8Array() },
  };
  const session = await DeviceSession.open(link, opening, clock, present.signal);
  if (session === "refused") throw new Error("refused");
  const learnt: (string | null)[] = [];
  const ending = learnDeviceId(task, session, present, known).then((deviceId) => learnt.push(deviceId));
  await settle();
  const answer = async (payload: string) => {
    server.say(publish("v2/a/res/j/1", payload));
    await settle();
  };
  /** How often it was asked again since the last call. */
  const askedAgain = async () => (await server.heard()).split(Buffer.from("/req/j/").toString("hex")).length - 1;
  return { clock, learnt, ending, answer, askedAgain };
}

it("an id that the server has told before is not waited for: the answer alone is the proof", async () => {
  const { learnt, answer } = await waiting(seconds(2), id);
  expect(learnt).toEqual([]);
  await answer("{}");
  expect(learnt).toEqual([id]);
});

it("within half a second it is asked four times more, and each question has the time for its answer, also on a slow link", async () => {
  for (const [payload, deviceId] of [
    ["{}", null],
    [withId, id],
  ] as const) {
    const { clock, learnt, answer, askedAgain } = await waiting(milliseconds(500));
    await clock.advance(milliseconds(499));
    expect(await askedAgain()).toBe(3);
    await clock.advance(milliseconds(1));
    expect(await askedAgain()).toBe(1);
    for (let answers = 1; answers < 5; answers++) await answer("{}");
    expect(learnt).toEqual([]);
    await answer(payload);
    expect(learnt).toEqual([deviceId]);
  }
});

it("a server that answers the first question only is waited for twice the bound", async () => {
  const { clock, learnt, answer } = await waiting(milliseconds(500));
  await answer("{}");
  await clock.advance(milliseconds(999));
  expect(learnt).toEqual([]);
  await clock.advance(milliseconds(1));
  expect(learnt).toEqual([null]);
});

it("an answer with the id ends the wait at once, also after the bound", async () => {
  for (const waited of [milliseconds(10), seconds(10)]) {
    const { clock, learnt, answer } = await waiting(milliseconds(500));
    await clock.advance(waited);
    expect(learnt).toEqual([]);
    await answer(withId);
    expect(learnt).toEqual([id]);
  }
});

it("with no time for the id the first answer is enough", async () => {
  const { learnt, answer } = await waiting(seconds(0));
  await answer("{}");
  expect(learnt).toEqual([null]);
});

it("without an answer the whole try is waited for it", async () => {
  const { clock, ending } = await waiting(seconds(2));
  const failure = expect(ending).rejects.toMatchObject({ errorCode: "CREDENTIALS_UNPROVEN" });
  await clock.advance(seconds(30));
  await failure;
});
