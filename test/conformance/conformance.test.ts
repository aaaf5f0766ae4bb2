import { expect, test } from "vitest";
import { Kit } from "./kit.ts";
import { type Target, targetOf } from "./target.ts";

test("the simulator is the same as the recorded server in every case, and so it is in a second run", async () => {
  await using target = await targetOf({});
  for (const run of ["1f0001", "1f0002"]) {
    const kit = new Kit(target, run);
    await kit.logIn();
    const different: string[] = [];
    for (const name of kit.names) {
      const found = await kit.play(name);
      // The registered device can be claimed once.
      if (found !== undefined && !(run === "1f0002" && name === "pre-claim-first")) different.push(`${name}: ${found}`);
    }
    expect(different).toEqual([]);
  }
});

test("a server that is something else is noticed", async () => {
  await using target = await targetOf({});
  const kit = new Kit({ ...target, secret: "wrong" }, "1f0003");
  expect(await kit.play("create-server-token")).toMatch(/^recorded PUBLISH .*SUCCESS.*, here PUBLISH .*NOT_FOUND/);
});

const claims = { key: "claimKey", secret: "claimSecret", deviceName: "registered" };

test.each<[string, (right: Target) => Partial<Target>, string]>([
  ["a wrong port", () => ({ port: 1, name: "127.0.0.1:1" }), "no connection to 127.0.0.1:1 (ECONNREFUSED)"],
  ["a wrong secret", () => ({ secret: "wrong" }), "TB_KEY, TB_SECRET: the server knows no device profile with these"],
  [
    "a profile that does not create",
    () => ({ key: claims.key, secret: claims.secret }),
    "TB_KEY: no device was created",
  ],
  ["a wrong claim key", () => ({ claims: { ...claims, key: "wrong" } }), "TB_CLAIM_KEY, TB_CLAIM_SECRET: the server"],
  [
    "a claim profile that creates",
    ({ key, secret }) => ({ claims: { ...claims, key, secret } }),
    "TB_CLAIM_KEY: the profile does not check for pre-provisioned devices",
  ],
])("%s is told once, before anything is compared", async (_, wrong, message) => {
  await using target = await targetOf({});
  await expect(new Kit({ ...target, ...wrong(target) }, "1f0004").logIn()).rejects.toThrow(message);
});

test.each<[Record<string, string>, string]>([
  [{ TB_HOST: "127.0.0.1", TB_KEY: "key" }, "TB_HOST, TB_KEY without TB_SECRET"],
  [{ TB_HOST: "127.0.0.1" }, "TB_HOST without TB_KEY, TB_SECRET"],
  [{ TB_KEY: "key", TB_SECRET: "secret" }, "TB_KEY, TB_SECRET without TB_HOST"],
  [{ TB_CLAIM_KEY: "key" }, "TB_CLAIM_KEY without TB_HOST, TB_KEY, TB_SECRET, TB_CLAIM_SECRET, TB_CLAIM_DEVICE"],
  [{ TB_HOST: "h", TB_KEY: "k", TB_SECRET: "s", TB_PORT: "mqtt" }, 'TB_PORT: found "mqtt"'],
  [{ TB_HOST: "h", TB_KEY: "k", TB_SECRET: "s", TB_CLAIM_DEVICE: "d" }, "without TB_CLAIM_KEY, TB_CLAIM_SECRET"],
])("a server that is named only in part, %j, is a mistake", async (environment, message) => {
  await expect(targetOf(environment)).rejects.toThrow(message);
});
