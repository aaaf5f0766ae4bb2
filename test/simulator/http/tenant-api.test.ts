import { afterEach, beforeEach, expect, test } from "vitest";
import { Simulator } from "../../../src/simulator/index.ts";

let simulator: Simulator;
let authorization: string;

beforeEach(async () => {
  simulator = await Simulator.start({ httpPort: 0, deviceLimit: 3 });
  const { body } = await call("POST", "/auth/login", { username: "tenant@thingsboard.org", password: "tenant" });
  authorization = `Bearer ${Reflect.get(Object(body), "token")}`;
});

afterEach(async () => {
  await simulator[Symbol.asyncDispose]();
});

async function call(method: string, path: string, value?: object, key = authorization) {
  const answer = await fetch(`${simulator.httpUrl}/api${path}`, {
    method,
    headers: { "x-authorization": key, "content-type": "application/json" },
    ...(value === undefined ? {} : { body: JSON.stringify(value) }),
  });
  const text = await answer.text();
  const body: unknown = answer.headers.get("content-type")?.startsWith("application/json") ? JSON.parse(text) : text;
  return { status: answer.status, body };
}

function newDevice(name: string, token: string, query = "") {
  const credentials = { credentialsType: "ACCESS_TOKEN", credentialsId: token };
  return call("POST", `/device-with-credentials${query}`, { device: { name, label: "gate" }, credentials });
}

test("a device is made with its credentials, found by its name, told its id, and deleted", async () => {
  const made = await newDevice("one", "token-one");
  expect(made).toMatchObject({ status: 200, body: { name: "one", label: "gate", id: { entityType: "DEVICE" } } });
  const id: unknown = Reflect.get(Object(Reflect.get(Object(made.body), "id")), "id");
  expect(await call("GET", "/tenant/devices?deviceName=one")).toMatchObject({ status: 200, body: { id: { id } } });
  expect(await call("GET", `/device/${id}/credentials`)).toMatchObject({ body: { credentialsId: "token-one" } });
  const told = await call("POST", `/plugins/telemetry/DEVICE/${id}/attributes/SHARED_SCOPE`, { deviceId: id });
  expect(told).toEqual({ status: 200, body: "" });
  expect(simulator.device("one")).toMatchObject({ attributes: { shared: { deviceId: id } }, provisionState: null });
  expect(await call("DELETE", `/device/${id}`)).toEqual({ status: 200, body: "" });
  expect(simulator.devices).toEqual([]);
});

test("a name or a token that is taken is refused with the server's words, and UNIQUIFY makes another name", async () => {
  await newDevice("one", "token-one");
  const taken = { message: "Device with such name already exists!", errorCode: 31, status: 400 };
  expect(await newDevice("one", "token-one")).toMatchObject({ status: 400, body: taken });
  expect(await newDevice("one", "token-two", "?nameConflictPolicy=FAIL")).toMatchObject({ status: 400, body: taken });
  expect(await newDevice("two", "token-one")).toMatchObject({
    status: 400,
    body: { message: "Device credentials are already assigned to another device!", errorCode: 31 },
  });
  expect(await newDevice("three", "")).toMatchObject({
    status: 400,
    body: { message: "Device credentials id should be specified!" },
  });
  const other = await newDevice("one", "token-two", "?nameConflictPolicy=UNIQUIFY");
  expect(other).toMatchObject({ status: 200, body: { name: expect.stringMatching(/^one_\w{6}$/) } });
});

test("the tenant's limit is said before the name is looked at, and usage tells it", async () => {
  for (const name of ["one", "two", "three"]) await newDevice(name, `token-${name}`);
  const full = { status: 403, body: { message: "Devices limit reached", errorCode: 41 } };
  expect(await newDevice("four", "token-four")).toMatchObject(full);
  expect(await newDevice("one", "token-one")).toMatchObject(full);
  expect(await call("GET", "/usage")).toMatchObject({ body: { devices: 3, maxDevices: 3 } });
});

test("an API key does what its owner may, until it is deleted; a wrong one is refused", async () => {
  const { body } = await call("POST", "/apiKey", { enabled: true, description: "station" });
  const key = `ApiKey ${Reflect.get(Object(body), "value")}`;
  expect(await call("GET", "/usage", undefined, key)).toMatchObject({ status: 200 });
  const id: unknown = Reflect.get(Object(Reflect.get(Object(body), "id")), "id");
  await call("DELETE", `/apiKey/${id}`);
  const refused = { status: 401, body: { message: "Invalid username or password", errorCode: 10 } };
  expect(await call("GET", "/usage", undefined, key)).toMatchObject(refused);
  expect(await call("GET", "/usage", undefined, "ApiKey wrong")).toMatchObject(refused);
  expect(await call("POST", "/auth/login", { username: "tenant@thingsboard.org", password: "no" })).toMatchObject(
    refused,
  );
  expect(await call("GET", "/usage", undefined, "")).toMatchObject({ status: 401 });
});

test("what there is not is said as the server says it", async () => {
  const absent = { status: 404, body: { message: "Requested item wasn't found!", errorCode: 32 } };
  expect(await call("GET", "/tenant/devices?deviceName=nobody")).toMatchObject(absent);
  expect(await call("GET", "/device/00000000-0000-4000-8000-000000000000/credentials")).toMatchObject(absent);
  const path = "/plugins/telemetry/DEVICE/00000000-0000-4000-8000-000000000000/attributes/SHARED_SCOPE";
  expect(await call("POST", path, { deviceId: "x" })).toMatchObject({ status: 404, body: expect.any(String) });
  expect(await call("GET", "/deviceProfileInfos")).toMatchObject({ status: 500 });
});

test("profiles are found by their name, and one is the default", async () => {
  const all = await call("GET", "/deviceProfileInfos?pageSize=10&page=0&textSearch=thermal");
  expect(all).toMatchObject({ body: { data: [{ name: "thermal-camera", id: { entityType: "DEVICE_PROFILE" } }] } });
  expect(await call("GET", "/deviceProfileInfo/default")).toMatchObject({ body: { name: "thermal-camera" } });
});
