import { readFileSync } from "node:fs";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Simulator } from "../../../src/simulator/index.ts";

let simulator: Simulator;
let authorization: string;

beforeEach(() => start("4.3.1.3"));
afterEach(() => simulator[Symbol.asyncDispose]());

async function start(version: string): Promise<void> {
  simulator = await Simulator.start({ httpPort: 0, version });
  authorization = "";
  const { body } = await call("POST", "/auth/login", { username: "tenant@thingsboard.org", password: "tenant" });
  authorization = `Bearer ${Reflect.get(Object(body), "token")}`;
}

async function call(method: string, path: string, value?: object) {
  const answer = await fetch(`${simulator.httpUrl}/api${path}`, {
    method,
    headers: { "x-authorization": authorization, "content-type": "application/json" },
    ...(value === undefined ? {} : { body: JSON.stringify(value) }),
  });
  const text = await answer.text();
  const body: unknown = answer.headers.get("content-type")?.startsWith("application/json") ? JSON.parse(text) : text;
  return { status: answer.status, body };
}

function idIn(body: unknown): string {
  return String(Reflect.get(Object(Reflect.get(Object(body), "id")), "id"));
}

function newProfile(name: string, provisionDeviceKey: string, chain?: string) {
  const provisionType = "ALLOW_CREATE_NEW_DEVICES";
  return call("POST", "/deviceProfile", {
    name,
    provisionType,
    provisionDeviceKey,
    ...(chain === undefined ? {} : { defaultRuleChainId: { entityType: "RULE_CHAIN", id: chain } }),
    profileData: { provisionConfiguration: { type: provisionType, provisionDeviceSecret: "secret" } },
  });
}

async function newChain(): Promise<string> {
  const file: unknown = JSON.parse(readFileSync("examples/rule-chains/device-id.json", "utf8"));
  const id = idIn((await call("POST", "/ruleChain", Object(Reflect.get(Object(file), "ruleChain")))).body);
  const metadata = Object(Reflect.get(Object(file), "metadata"));
  await call("POST", "/ruleChain/metadata", { ...metadata, ruleChainId: { entityType: "RULE_CHAIN", id } });
  return id;
}

async function provision(key: string, deviceName: string) {
  const answer = await fetch(`${simulator.httpUrl}/api/v1/provision`, {
    method: "POST",
    body: JSON.stringify({
      deviceName,
      token: `of-${deviceName}`,
      provisionDeviceKey: key,
      provisionDeviceSecret: "secret",
    }),
  });
  return answer.text();
}

test("a profile that a tenant makes creates devices, which are listed by it, and goes when they have gone", async () => {
  const made = await newProfile("kit", "kitKey");
  expect(made).toMatchObject({ status: 200, body: { name: "kit", default: false } });
  expect(await provision("kitKey", "one")).toContain("SUCCESS");
  const profile = idIn(made.body);
  const page = await call("GET", "/tenant/devices?pageSize=1&page=0&type=kit");
  expect(page.body).toMatchObject({
    data: [{ name: "one", deviceProfileId: { entityType: "DEVICE_PROFILE", id: profile } }],
    totalPages: 1,
    totalElements: 1,
    hasNext: false,
  });
  expect((await call("GET", "/tenant/devices?pageSize=10&page=1&type=kit")).body).toMatchObject({ data: [] });
  expect(await call("DELETE", `/deviceProfile/${profile}`)).toMatchObject({
    status: 400,
    body: { message: "The device profile referenced by the devices cannot be deleted!", errorCode: 31 },
  });
  await call("DELETE", `/device/${simulator.device("one")?.id}`);
  expect(await call("DELETE", `/deviceProfile/${profile}`)).toEqual({ status: 200, body: "" });
  expect(await call("GET", `/deviceProfile/${profile}`)).toMatchObject({ status: 404, body: { errorCode: 32 } });
  expect(await provision("kitKey", "two")).toContain("NOT_FOUND");
});

test("the default profile, and names and keys that are taken, are refused with the server's words", async () => {
  await newProfile("kit", "kitKey");
  const refusal = (message: string) => ({ status: 400, body: { message, errorCode: 31 } });
  expect(await newProfile("kit", "other")).toMatchObject(refusal("Device profile with such name already exists!"));
  expect(await newProfile("other", "kitKey")).toMatchObject(
    refusal("Device profile with such provision device key already exists!"),
  );
  expect(await newProfile("", "another")).toMatchObject(refusal("Device profile name should be specified!"));
  const standard = idIn((await call("GET", "/deviceProfileInfo/default")).body);
  expect(await call("DELETE", `/deviceProfile/${standard}`)).toMatchObject(
    refusal("Deletion of Default Device Profile is prohibited!"),
  );
});

test.each([
  ["3.4", undefined],
  ["3.9.1", "its id"],
  ["4.3.1.3", "its id"],
])("on %s a device of a profile with the id's rule chain is told %s", async (version, told) => {
  await simulator.close();
  await start(version);
  await newProfile("kit", "kitKey", await newChain());
  await provision("kitKey", "one");
  const { id } = simulator.device("one") ?? {};
  await expect.poll(() => simulator.device("one")?.attributes.shared["deviceId"]).toBe(told === undefined ? told : id);
});

test("a rule chain goes when no profile has it, and the root chain never", async () => {
  const chain = await newChain();
  const profile = idIn((await newProfile("kit", "kitKey", chain)).body);
  expect(await call("GET", `/ruleChain/${chain}/metadata`)).toMatchObject({ body: { firstNodeIndex: 0 } });
  expect(await call("DELETE", `/ruleChain/${chain}`)).toMatchObject({
    status: 400,
    body: { message: "The rule chain referenced by the device profiles cannot be deleted!" },
  });
  await call("DELETE", `/deviceProfile/${profile}`);
  expect(await call("DELETE", `/ruleChain/${chain}`)).toEqual({ status: 200, body: "" });
  const { body } = await call("GET", "/ruleChains?pageSize=10&page=0");
  expect(body).toMatchObject({ data: [{ name: "Root Rule Chain", root: true }], totalElements: 1 });
  const root = idIn(Object(body).data[0]);
  expect(await call("DELETE", `/ruleChain/${root}`)).toMatchObject({ status: 400 });
});

test("attributes of every scope are read back, all or those that are named", async () => {
  await newProfile("kit", "kitKey");
  await provision("kitKey", "one");
  const { id } = simulator.device("one") ?? {};
  const path = `/plugins/telemetry/DEVICE/${id}/values/attributes/SERVER_SCOPE`;
  const state = { key: "provisionState", value: "provisioned", lastUpdateTs: expect.any(Number) };
  expect((await call("GET", path)).body).toEqual([state]);
  expect((await call("GET", `${path}?keys=other`)).body).toEqual([]);
});
