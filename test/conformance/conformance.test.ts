import { expect, test } from "vitest";
import { Simulator } from "../../src/simulator/index.ts";
import { targetOf } from "./environment.ts";
import { Kit } from "./kit.ts";
import { type Supervision, simulatorTarget } from "./server/own-target.ts";
import { tellIds } from "./server/tenant.ts";
import { type Target, versionIn } from "./target.ts";

const quiet: Supervision = { signal: new AbortController().signal, fileFor: () => undefined, tookAway: () => {} };

async function differencesOf(target: Target, run: string): Promise<string[]> {
  const kit = new Kit(target, run);
  await kit.logIn();
  const different: string[] = [];
  for (const name of kit.names) {
    const found = await kit.play(name);
    if (found.is !== "same") different.push(`${name}: ${found.is === "different" ? found.how : found.reason}`);
  }
  return different;
}

test("the simulator is the same as the recorded server in every case", async () => {
  await using target = await simulatorTarget({}, quiet);
  expect(await differencesOf(target, "1f0001")).toEqual([]);
});

/** A server on which somebody has set up what the variables name. */
async function preparedSimulator(ids: "pushed" | "there at once" | "not told" = "not told") {
  const creating = { name: "creating", provisionType: "ALLOW_CREATE_NEW_DEVICES", provisionDeviceKey: "key" } as const;
  const claimed = {
    name: "claimed",
    provisionType: "CHECK_PRE_PROVISIONED_DEVICES",
    provisionDeviceKey: "claim",
  } as const;
  const simulator = await Simulator.start({
    profiles: [
      { ...creating, provisionDeviceSecret: "secret", ...(ids === "there at once" ? { deviceIdAfter: 0 } : {}) },
      { ...claimed, provisionDeviceSecret: "claim secret" },
    ],
    devices: [{ name: "registered", profile: "claimed" }],
  });
  if (ids === "pushed") tellIds(simulator);
  const environment = { TB_HOST: simulator.host, TB_PORT: String(simulator.port), TB_KEY: "key", TB_SECRET: "secret" };
  const claims = { TB_CLAIM_KEY: "claim", TB_CLAIM_SECRET: "claim secret", TB_CLAIM_DEVICE: "registered" };
  const target = await targetOf({ ...environment, ...claims }, quiet);
  return { ...target, [Symbol.asyncDispose]: () => simulator.close() };
}

test("in a second run the claimed device is not compared, and everything else is the same", async () => {
  await using target = await preparedSimulator();
  expect(await differencesOf(target, "1f0001")).toEqual([]);
  expect(await differencesOf(target, "1f0002")).toEqual([
    "pre-claim-first: registered was claimed before, as it can be once; another one is needed for this case",
  ]);
});

test.each([
  ["pushed", true],
  ["there at once", true],
  ["not told", false],
] as const)(
  "where devices' ids are %s by a rule chain that somebody has wired, that is no difference",
  async (ids, tells) => {
    await using target = await preparedSimulator(ids);
    const kit = new Kit(target, "1f0001");
    await kit.logIn();
    expect(kit.tellsIds).toBe(tells);
    for (const name of ["own-subscribe-filters", "pipeline-device-valid-token"]) {
      expect([name, await kit.play(name)]).toEqual([name, { is: "same" }]);
    }
  },
);

test("a server that is something else is noticed", async () => {
  await using target = await simulatorTarget({}, quiet);
  const kit = new Kit({ ...target, secret: "wrong" }, "1f0003");
  expect(await kit.play("create-server-token")).toEqual({
    is: "different",
    how: expect.stringMatching(/^recorded PUBLISH .*SUCCESS.*, here PUBLISH .*NOT_FOUND/),
  });
});

test("a server of 3.4 imports the rule chain, and it tells devices nothing", async () => {
  await using target = await simulatorTarget({ TB_VERSION: "3.4.0" }, quiet);
  const kit = new Kit(target, "1f0003");
  expect(await kit.play("own-device-id")).toEqual({ is: "different", how: "the rule chain tells the device nothing" });
});

test("where error texts have another order of their keys, the REST calls say so, and no call is left out", async () => {
  await using target = await simulatorTarget({ TB_VERSION: "3.9.1" }, quiet);
  const kit = new Kit(target, "1f0003");
  const different: string[] = [];
  for (const name of kit.names.filter((each) => each.startsWith("rest-"))) {
    if ((await kit.play(name)).is === "different") different.push(name);
  }
  expect(kit.names.filter((name) => name.startsWith("rest-"))).toHaveLength(12);
  expect(different).toEqual([
    "rest-create-name-taken",
    "rest-create-token-taken",
    "rest-create-uniquify",
    "rest-create-without-token",
  ]);
});

test.each<[string, (right: Target) => Partial<Target>, string]>([
  ["a wrong port", () => ({ port: 1, name: "127.0.0.1:1" }), "no connection to 127.0.0.1:1 (ECONNREFUSED)"],
  ["a wrong secret", () => ({ secret: "wrong" }), "TB_KEY, TB_SECRET: the server knows no device profile with these"],
  ["a profile that does not create", ({ claims }) => ({ ...claims }), "TB_KEY: no device was created"],
  [
    "a wrong claim key",
    ({ claims }) => ({ claims: claims && { ...claims, key: "wrong" } }),
    "TB_CLAIM_KEY, TB_CLAIM_SECRET: the server",
  ],
  [
    "a claim profile that creates",
    ({ key, secret }) => ({ claims: { key, secret, deviceName: "registered" } }),
    "TB_CLAIM_KEY: the profile does not check for pre-provisioned devices",
  ],
])("%s is told once, before anything is compared", async (_, wrong, message) => {
  await using target = await simulatorTarget({}, quiet);
  await expect(new Kit({ ...target, ...wrong(target) }, "1f0004").logIn()).rejects.toThrow(message);
});

test.each<[Record<string, string>, string]>([
  [{ TB_HOST: "127.0.0.1", TB_KEY: "key" }, "TB_HOST, TB_KEY without TB_SECRET"],
  [{ TB_HOST: "127.0.0.1" }, "TB_HOST without TB_KEY, TB_SECRET"],
  [{ TB_KEY: "key", TB_SECRET: "secret" }, "TB_KEY, TB_SECRET without TB_HOST"],
  [{ TB_CLAIM_KEY: "key" }, "TB_CLAIM_KEY without TB_HOST, TB_KEY, TB_SECRET, TB_CLAIM_SECRET, TB_CLAIM_DEVICE"],
  [{ TB_HOST: "h", TB_KEY: "k", TB_SECRET: "s", TB_PORT: "mqtt" }, 'TB_PORT: found "mqtt"'],
  [{ TB_HOST: "h", TB_KEY: "k", TB_SECRET: "s", TB_CLAIM_DEVICE: "d" }, "without TB_CLAIM_KEY, TB_CLAIM_SECRET"],
  [{ TB_USER: "tenant", TB_PASSWORD: "secret" }, "TB_USER, TB_PASSWORD without TB_URL"],
  [{ TB_URL: "https://tb.example.com", TB_USER: "tenant" }, "TB_URL, TB_USER: what is needed is TB_URL with"],
  [{ TB_URL: "https://tb.example.com", TB_API_KEY: "k", TB_USER: "u", TB_PASSWORD: "p" }, "or with TB_API_KEY"],
  [{ TB_URL: "tb.example.com", TB_API_KEY: "k" }, 'TB_URL: found "tb.example.com"'],
  [{ TB_VERSION: "newest" }, 'TB_VERSION: found "newest"'],
  [{ TB_CA: "/nosuch/ca.pem" }, "TB_CA: ENOENT"],
])("a server that is named only in part, %j, is a mistake", async (environment, message) => {
  await expect(targetOf(environment, quiet)).rejects.toThrow(message);
});

test("a version is as it was given", () => {
  expect([versionIn({ TB_VERSION: "3.6.1" }), versionIn({ TB_VERSION: "" }), versionIn({})]).toEqual([
    "3.6.1",
    undefined,
    undefined,
  ]);
});
