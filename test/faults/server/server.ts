import { rmSync } from "node:fs";
import { seconds } from "../../../src/base/duration.ts";
import {
  type Action,
  type Behaviour,
  type OccasionKind,
  parseScenario,
  type SimulatorOptions,
} from "../../../src/simulator/index.ts";
import { hurriedClock } from "../../stories/hurried-clock.ts";
import { callAlone, folderInMemory } from "../harness/in-process.ts";
import { inLanes } from "../harness/lanes.ts";
import { type Case, type Extent, type Result, resultOf } from "../harness/method.ts";
import { withCertificate, withPassword } from "../harness/strace/settings.ts";
import { type Setting, Trial } from "../harness/trial.ts";

const lanes = 6;

/** What can go wrong with any answer. */
const anyAnswer: readonly Action[] = [
  { do: "lose" },
  { do: "delay", for: 3000 },
  { do: "delay", for: 40_000 },
  { do: "delay", for: 0, beforeWork: 26_000 },
  ...(["before the work", "before the answer", "after the acknowledgement", "after the answer"] as const).flatMap(
    (when): readonly Action[] => [
      { do: "close", when },
      { do: "reset", when },
    ],
  ),
  { do: "truncate", bytes: 0 },
  { do: "truncate", bytes: 5 },
  { do: "double" },
  { do: "reorder" },
  { do: "garble" },
  { do: "malform" },
  { do: "flood", packets: 20 },
  { do: "hugePacket" },
  { do: "wrongPacket" },
  { do: "restart" },
  { do: "restart", for: 2000 },
  { do: "restart", memory: "lost" },
  { do: "stopAccepting", for: 2000 },
];

const requestOnly: readonly Action[] = [
  { do: "refuse", status: "FAILURE" },
  { do: "refuse", status: "NOT_FOUND" },
  { do: "createButFail" },
  { do: "answerForAnotherDevice" },
  { do: "code", code: 0x87 },
  { do: "answer", payload: "{}" },
  { do: "answer", payload: '{"status":"SUCCESS"}' },
  { do: "answer", payload: '{"status":"SUCCESS","credentialsType":"ACCESS_TOKEN","credentialsValue":""}' },
  { do: "answer", payload: '{"status":"SUCCESS","credentialsType":"X509_CERTIFICATE","credentialsValue":"x"}' },
  { do: "answerWithoutCreating" },
  { do: "timeOut", work: "at once" },
  { do: "timeOut", work: "never" },
  { do: "timeOut", work: { after: 26_000 } },
];

const codes = [1, 2, 3, 4, 5].map((code): Action => ({ do: "code", code }));
const probeOnly: readonly Action[] = [...codes, { do: "timeOut" }];

/** Those of the actions that there are on that occasion: not everything has an answer that could be garbled. */
function at(on: OccasionKind, actions: readonly Action[], nth = 1): readonly Behaviour[] {
  return actions
    .map((action): Behaviour => ({ on, nth, ...action }))
    .filter((behaviour) => parseScenario({ description: "One fault.", behaviours: [behaviour] }).ok);
}

const requests = at("request", [...anyAnswer, ...requestOnly]);
const probes = at("probe", [...anyAnswer, ...probeOnly]);
const single: readonly (readonly Behaviour[])[] = [
  ...requests,
  ...probes,
  ...at("connection", [
    { do: "close", when: "before the work" },
    { do: "stopAccepting", for: 2000 },
  ]),
  // The first CONNECT asks, the second one proves.
  ...at("connect", [...anyAnswer, ...codes]),
  ...at("connect", [...anyAnswer, ...codes], 2),
  ...at("subscribe", [...anyAnswer, { do: "code", code: 0x80 }]),
  ...at("attributes", anyAnswer),
].map((behaviour) => [behaviour]);

/** A fault of the first answer, and one of what the camera does next: ask again, or try its secret. */
const pairs = requests.flatMap((one) => [
  ...at("request", [...anyAnswer.slice(0, 8), ...requestOnly], 2).map((two) => [one, two]),
  ...probes.filter((two) => !isBeyondTelling(one, two)).map((two) => [one, two]),
]);

/** The secret of another device, and ours refused although it is known: only the server could tell (guarantees.md). */
function isBeyondTelling(one: Behaviour, two: Behaviour): boolean {
  return one.do === "answerForAnotherDevice" && two.do === "code" && [2, 4, 5].includes(two.code);
}

/** A server that misbehaves once, and twice in every way; once for cameras with other credentials (method 5). */
export async function sufferTheServer(extent: Extent): Promise<Result> {
  const scenarios = extent === "all" ? [...single, ...pairs] : single;
  const others = single.filter((_, index) => extent === "all" || index % 11 === 0);
  const cases = await inLanes(scenarios, (scenario) => suffered(scenario, {}), lanes);
  const special = await inLanes(otherServers, ([what, setting]) => suffered([], setting, what), lanes);
  const withOthers = [];
  for (const [what, setting] of Object.entries({ password: withPassword, certificate: withCertificate })) {
    const named = (scenario: readonly Behaviour[]) => `with a ${what}: ${inWords(scenario)}`;
    withOthers.push(...(await inLanes(others, (scenario) => suffered(scenario, setting, named(scenario)), lanes)));
  }
  return resultOf([...cases, ...special, ...withOthers]);
}

const preProvisioned = (simulator: SimulatorOptions): Setting => ({
  provisionType: "CHECK_PRE_PROVISIONED_DEVICES",
  credentials: { device_name: "camera 1" },
  register: (server) => void server.addDevice({ name: "camera 1" }),
  simulator,
});

const lost: readonly Behaviour[] = [{ on: "request", do: "lose" }];

const otherServers: readonly (readonly [string, Setting])[] = [
  [
    "addresses are blocked for a minute after a wrong secret",
    {
      pause: seconds(61),
      simulator: {
        addressBlock: { maxWrongCredentials: 1 },
        scenario: [{ on: "request", do: "timeOut", work: { after: 26_000 } }],
      },
    },
  ],
  ["a pre-provisioned device, nothing wrong", preProvisioned({})],
  ["a pre-provisioned device, the secret said again", preProvisioned({ version: "4.0.2", scenario: lost })],
  [
    "a pre-provisioned device, the secret said once, and lost",
    { ...preProvisioned({ scenario: lost }), end: "refused" },
  ],
  [
    "a pre-provisioned device, its secret known in advance, the answer lost",
    {
      ...preProvisioned({ scenario: lost }),
      credentials: { device_name: "camera 1", access_token: "knownInAdvance0123456789" },
      register: (server) =>
        void server.addDevice({
          name: "camera 1",
          credentials: { credentialsType: "ACCESS_TOKEN", credentialsId: "knownInAdvance0123456789" },
        }),
    },
  ],
  ["the quota of devices is used up", { simulator: { deviceLimit: 0 }, end: "refused" }],
  ["provisioning is switched off", { provisionType: "DISABLED", end: "refused" }],
];

async function suffered(scenario: readonly Behaviour[], setting: Setting, what = inWords(scenario)): Promise<Case> {
  const directory = folderInMemory();
  try {
    await using trial = await Trial.begin({
      starter: callAlone,
      ...setting,
      register: (simulator) => {
        simulator.addDevice({ name: "somebody else's" });
        setting.register?.(simulator);
      },
      directory,
      credentials: { timeout_seconds: 30, ...setting.credentials },
      simulator: { clock: hurriedClock, scenario, ...setting.simulator },
    });
    await trial.recover();
    return { what, violations: trial.violations };
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function inWords(scenario: readonly Behaviour[]): string {
  return scenario.map((behaviour) => JSON.stringify(behaviour)).join(", then ");
}
