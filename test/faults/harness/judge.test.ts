import { beforeAll, describe, expect, it } from "vitest";
import { provisionKey, provisionSecret, someConfig } from "../../stories/camera.ts";
import { backupNames, configName, credentialsName, type Entry, type Folder, triggerName } from "./folder.ts";
import { call } from "./in-process.ts";
import { type History, type InvariantName, longestRun, type Moment, type Run } from "./invariants.ts";
import { judge } from "./judge.ts";
import { isMadeKey } from "./login.ts";
import { withCertificate, withPassword } from "./strace/settings.ts";
import { Trial } from "./trial.ts";

/** A first run that was killed when the server had the device, and the one that finished; nothing is wrong with it. */
let good: History;

beforeAll(async () => {
  await using trial = await Trial.begin({
    starter: ({ directory }) => call(directory),
    simulator: { scenario: [{ on: "probe", nth: 1, do: "code", code: 3 }] },
  });
  let killed: Moment | undefined;
  const stop = trial.simulator.on((event) => {
    if (event.type !== "behaviour") return;
    stop();
    killed = trial.note({ parameters: [], exitStatus: null, output: "", seconds: 1, hindered: false });
  });
  await trial.start();
  if (killed === undefined) throw new Error("the server never met the probe");
  good = trial.history;
});

it("finds nothing wrong with a history in which nothing is", () => {
  expect(good.moments.map(({ run }) => run.exitStatus)).toEqual([null, 0]);
  expect(judge(good)).toEqual([]);
});

interface Alteration {
  readonly what: string;
  readonly breaks: InvariantName;
  readonly alter: (history: History) => History;
}

const first = (change: (moment: Moment) => Partial<Moment>) => changed(0, change);
const last = (change: (moment: Moment) => Partial<Moment>) => changed(1, change);

function changed(which: number, change: (moment: Moment) => Partial<Moment>): Alteration["alter"] {
  return (history) => ({
    ...history,
    moments: history.moments.map((moment, index) => (index === which ? { ...moment, ...change(moment) } : moment)),
  });
}

const ran = (run: Partial<Run>) => (moment: Moment) => ({ run: { ...moment.run, ...run } });

/** The folder with another entry in the place of this one, or with none. */
function without(folder: Folder, name: string, entry?: (found: Entry) => Partial<Entry>): Folder {
  return new Map(
    [...folder].flatMap(([each, found]): [string, Entry][] => {
      if (each !== name) return [[each, found]];
      return entry === undefined ? [] : [[each, { ...found, ...entry(found) }]];
    }),
  );
}

const entry = (name: string, change: (found: Entry) => Partial<Entry>) =>
  last(({ folder }) => ({ folder: without(folder, name, change) }));

const inConfig = (from: RegExp, to: string) =>
  entry(configName, ({ bytes }) => ({ bytes: Buffer.from(bytes.toString("utf8").replace(from, to)) }));

const backup = (folder: Folder) => backupNames(folder)[0] ?? "";

const intentName = (folder: Folder) => [...folder.keys()].find((name) => name.includes("/intent-1")) ?? "";

const alterations: readonly Alteration[] = [
  { what: "a run that hung until it was killed", breaks: "I15", alter: first(ran({ seconds: longestRun + 10 })) },
  { what: "a run that took too long", breaks: "I15", alter: last(ran({ seconds: longestRun + 1 })) },
  { what: "no intent", breaks: "I1", alter: first(({ folder }) => ({ folder: without(folder, intentName(folder)) })) },
  {
    what: "another name in the requests than in the intent",
    breaks: "I1",
    alter: (history) => ({
      ...history,
      heard: history.heard.map((exchange) =>
        exchange.payload === undefined
          ? exchange
          : { ...exchange, payload: exchange.payload.replace(/thermal-camera-.{6}/, "thermal-camera-OTHER0") },
      ),
    }),
  },
  {
    what: "another token in the requests than in the intent",
    breaks: "I1",
    alter: (history) => ({
      ...history,
      heard: history.heard.map((exchange) =>
        exchange.payload === undefined
          ? exchange
          : { ...exchange, payload: exchange.payload.replace(/"token":"[^"]+"/, '"token":"another"') },
      ),
    }),
  },
  { what: "a configuration of another owner", breaks: "I11", alter: entry(configName, () => ({ owner: 12345 })) },
  { what: "a configuration that others can read", breaks: "I11", alter: entry(configName, () => ({ mode: 0o644 })) },
  {
    what: "a backup that others can read, of a configuration without a secret",
    breaks: "I11",
    alter: last(({ folder }) => ({ folder: without(folder, backup(folder), () => ({ mode: 0o644 })) })),
  },
  {
    what: "a backup of another owner",
    breaks: "I11",
    alter: last(({ folder }) => ({ folder: without(folder, backup(folder), () => ({ owner: 12345 })) })),
  },
  { what: "no backup", breaks: "I8", alter: last(({ folder }) => ({ folder: without(folder, backup(folder)) })) },
  { what: "the key in the output", breaks: "I16", alter: last(ran({ output: `asked with ${provisionKey}` })) },
  { what: "the secret in the output", breaks: "I16", alter: last(ran({ output: provisionSecret })) },
  { what: "the key in the parameters", breaks: "I16", alter: first(ran({ parameters: [provisionKey] })) },
  {
    what: "provision.json gone after success",
    breaks: "I18",
    alter: last(({ folder }) => ({ folder: without(folder, credentialsName) })),
  },
  {
    what: "provision.json changed after success",
    breaks: "I18",
    alter: entry(credentialsName, () => ({ bytes: Buffer.from("{}") })),
  },
  { what: "provision.json open to others", breaks: "I18", alter: entry(credentialsName, () => ({ mode: 0o644 })) },
  { what: "another device's name", breaks: "I7", alter: inConfig(/"thermal-camera-.{6}"/, '"thermal-camera-OTHER0"') },
  { what: "another server", breaks: "I7", alter: inConfig(/"127\.0\.0\.1"/, '"server.example"') },
  { what: "another port", breaks: "I7", alter: inConfig(/"port": \d+/, '"port": 1') },
  { what: "TLS that was not used", breaks: "I7", alter: inConfig(/"use_ssl": false/, '"use_ssl": true') },
  { what: "another kind of credentials", breaks: "I7", alter: inConfig(/"ACCESS_TOKEN"/, '"MQTT_BASIC"') },
  { what: "another key's hash", breaks: "I7", alter: inConfig(/"provisioned_with": "./, '"provisioned_with": "x') },
  { what: "no moment", breaks: "I7", alter: inConfig(/"provisioned_at": "[^"]*"/, '"provisioned_at": null') },
  { what: "a comment gone", breaks: "I7", alter: inConfig(/ {2}\/\/ written by hand\n/, "") },
  { what: "another token", breaks: "I6", alter: inConfig(/"access_token": "[^"]*"/, '"access_token": "another"') },
  {
    what: "the old configuration with the trigger gone",
    breaks: "I9",
    alter: entry(configName, () => ({ bytes: Buffer.from(someConfig) })),
  },
  {
    what: "the trigger gone before the configuration was written",
    breaks: "I9",
    alter: first(({ folder }) => ({ folder: without(folder, triggerName) })),
  },
];

describe("a history that was altered is found", () => {
  it.each(alterations)("$what ($breaks)", ({ breaks, alter }) => {
    expect(judge(alter(good)).map(({ invariant }) => invariant)).toContain(breaks);
  });
});

const keyName = (folder: Folder) => [...folder.keys()].find(isMadeKey) ?? "";

const otherKinds = [
  {
    what: "another password in the configuration",
    setting: withPassword,
    breaks: "I6",
    alter: changed(0, ({ folder }) => ({
      folder: without(folder, configName, ({ bytes }) => ({
        bytes: Buffer.from(bytes.toString("utf8").replace(/"password": "[^"]*"/, '"password": "another"')),
      })),
    })),
  },
  {
    what: "no key beside the certificate",
    setting: withCertificate,
    breaks: "I5",
    alter: changed(0, ({ folder }) => ({ folder: without(folder, keyName(folder)) })),
  },
  {
    what: "a certificate that nobody showed to the server",
    setting: withCertificate,
    breaks: "I6",
    alter: (history: History) => ({ ...history, shown: new Map() }),
  },
  {
    what: "a private key that others can read",
    setting: withCertificate,
    breaks: "I11",
    alter: changed(0, ({ folder }) => ({ folder: without(folder, keyName(folder), () => ({ mode: 0o644 })) })),
  },
] as const;

describe("with other credentials a good history is good, and a history that was altered is found", () => {
  it.each(otherKinds)("$what ($breaks)", async ({ setting, breaks, alter }) => {
    await using trial = await Trial.begin({ ...setting, starter: ({ directory }) => call(directory) });
    await trial.start();
    expect(judge(trial.history)).toEqual([]);
    expect(judge(alter(trial.history)).map(({ invariant }) => invariant)).toContain(breaks);
  });
});
