import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { makeCertificate } from "../../simulator/certificate.ts";
import { targetOf } from "../environment.ts";
import { Kit } from "../kit.ts";
import { Administrator } from "./administrator.ts";
import { Belongings } from "./belongings.ts";
import { ownTarget, type Supervision } from "./own-target.ts";
import { type TakenAway, takeAway } from "./take-away.ts";
import { losingProxy, ofTheTenant, type Tenant, tenant } from "./tenant.ts";

let server: Tenant;
let folder: string;
let told: TakenAway[];
let supervision: Supervision;

beforeEach(async () => {
  server = await tenant();
  folder = mkdtempSync(join(tmpdir(), "kit-"));
  told = [];
  supervision = {
    signal: new AbortController().signal,
    fileFor: (prefix) => join(folder, `${prefix}.json`),
    tookAway: (result) => told.push(result),
  };
});
afterEach(async () => {
  await server[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

test("what the kit sets up has a random prefix, and after a run nothing of it is left", async () => {
  {
    await using target = await targetOf(server.environment, supervision);
    const own = (await server.inventory()).filter((name) => !ofTheTenant.includes(name));
    const [, prefix] = /^device (kit-[0-9a-f]{8})-registered$/.exec(own[0] ?? "") ?? [];
    expect(own).toEqual([
      `device ${prefix}-registered`,
      `profile ${prefix}-creating`,
      `profile ${prefix}-claimed`,
      `profile ${prefix}-telling-ids`,
      `chain ${prefix}-ids`,
    ]);
    expect(readdirSync(folder)).toEqual([`${prefix}.json`]);
    const kit = new Kit(target, "1f0001");
    await kit.logIn();
    for (const name of ["create-server-token", "telemetry-puback", "pre-claim-first", "own-device-id"]) {
      expect([name, await kit.play(name)]).toEqual([name, { is: "same" }]);
    }
  }
  expect(await server.inventory()).toEqual(ofTheTenant);
  expect(told).toEqual([{ things: 4, devices: 5, left: [], file: undefined }]);
  expect(readdirSync(folder)).toEqual([]);
});

test("an API key does as well as a login, and a wrong one is told", async () => {
  const administrator = await Administrator.logIn(server.login());
  const { body } = await administrator.call("POST", "/apiKey", { enabled: true, description: "kit" });
  const { TB_USER: _, TB_PASSWORD: __, ...environment } = server.environment;
  const key = String(Reflect.get(Object(body), "value"));
  await (await targetOf({ ...environment, TB_API_KEY: key }, supervision))[Symbol.asyncDispose]();
  expect(await server.inventory()).toEqual(ofTheTenant);
  await expect(targetOf({ ...environment, TB_API_KEY: "wrong" }, supervision)).rejects.toThrow("TB_API_KEY: http");
});

test.each<[Record<string, string>, string]>([
  [{ TB_PASSWORD: "wrong" }, "TB_USER, TB_PASSWORD: http"],
  [{ TB_URL: "http://127.0.0.1:1" }, "TB_URL: http://127.0.0.1:1 does not answer (ECONNREFUSED)"],
])("a login that does not work, %j, is told in words", async (wrong, message) => {
  await expect(targetOf({ ...server.environment, ...wrong }, supervision)).rejects.toThrow(message);
});

// Six things are asked for, one after the other: three profiles, a device, a rule chain and what is in it.
test.each([1, 2, 3, 4, 5, 6])("when the answer to creation %i is lost, nothing is left", async (lost) => {
  let created = 0;
  await using proxy = await losingProxy(server.url, (method, path) => {
    return method === "POST" && !path.startsWith("/api/auth") && ++created === lost;
  });
  const { simulator } = server;
  await expect(ownTarget(server.login(proxy.url), simulator, {}, supervision)).rejects.toThrow("does not answer");
  expect(created).toBe(lost);
  expect(await server.inventory()).toEqual(ofTheTenant);
  expect(readdirSync(folder)).toEqual([]);
});

test("when the tenant may have no more devices, the reason is told and nothing is left", async () => {
  await using full = await tenant({ deviceLimit: 0, devices: [] });
  await expect(targetOf(full.environment, supervision)).rejects.toThrow("403 Devices limit reached");
  expect(await full.inventory()).toEqual(ofTheTenant.slice(1));
});

test("a kit that is stopped while it sets up makes nothing more, and nothing is left", async () => {
  const stop = new AbortController();
  await using proxy = await losingProxy(server.url, (method, path) => {
    if (method === "POST" && path === "/api/device-with-credentials") stop.abort(new Error("stopped"));
    return false;
  });
  const started = ownTarget(server.login(proxy.url), server.simulator, {}, { ...supervision, signal: stop.signal });
  await expect(started).rejects.toThrow("stopped");
  expect(told).toEqual([{ things: 2, devices: 1, left: [], file: undefined }]);
  expect(await server.inventory()).toEqual(ofTheTenant);
});

test("where the server has a limit of requests, or the login is over, the kit waits and logs in again", async () => {
  const refusals = [429, 401];
  await using proxy = await losingProxy(
    server.url,
    () => false,
    (path) => {
      return path.startsWith("/api/usage") ? refusals.shift() : undefined;
    },
  );
  const administrator = await Administrator.logIn(server.login(proxy.url));
  expect(await administrator.call("GET", "/usage")).toMatchObject({ status: 200, body: { devices: 1 } });
  expect(refusals).toEqual([]);
});

test("what is left by a kit that was killed is taken away by its list, with the devices that came later", async () => {
  const target = await targetOf(server.environment, supervision);
  await new Kit(target, "1f0001").play("create-server-token");
  const file = join(folder, readdirSync(folder)[0] ?? "");
  expect(readFileSync(file, "utf8")).not.toContain(target.secret);
  const belongings = Belongings.read(file);
  const administrator = await Administrator.logIn(server.login());
  expect(await takeAway(administrator, belongings)).toEqual({ things: 4, devices: 2, left: [] });
  expect(await server.inventory()).toEqual(ofTheTenant);
  expect(existsSync(file)).toBe(false);
});

test("what has the id of something else, or is not the kit's, is left alone and told", async () => {
  const administrator = await Administrator.logIn(server.login());
  const id = await administrator.idOf("/deviceProfileInfos", "of the tenant");
  const file = join(folder, "list.json");
  const wrong = { kind: "deviceProfile", name: "kit-00000000-creating", id };
  writeFileSync(file, JSON.stringify({ server: server.url, belongings: [wrong] }));
  const { left } = await takeAway(administrator, Belongings.read(file));
  expect(left).toEqual([`kit-00000000-creating: ${id} has another name on the server, of the tenant`]);
  expect(await server.inventory()).toEqual(ofTheTenant);
  expect(existsSync(file)).toBe(true);
  writeFileSync(file, "{");
  expect(() => Belongings.read(file)).toThrow("cannot be read as a list");
});

test("over TLS, with an authority of one's own, the cases are the same", async () => {
  const { cert, key } = makeCertificate({ commonName: "server" });
  await using secure = await tenant({ tls: { cert, key } });
  const ca = join(folder, "ca.pem");
  writeFileSync(ca, cert);
  await using target = await targetOf({ ...secure.environment, TB_TLS: "1", TB_CA: ca }, supervision);
  const kit = new Kit(target, "1f0001");
  await kit.logIn();
  for (const name of ["create-device-token", "telemetry-puback", "connack-v3-unknown-token"]) {
    expect([name, await kit.play(name)]).toEqual([name, { is: "same" }]);
  }
  const { TB_CA: _, ...trusting } = { ...secure.environment, TB_TLS: "1", TB_CA: ca };
  await using other = await targetOf(trusting, supervision);
  // Since Node 24 there is a hint behind it.
  await expect(new Kit(other, "1f0002").logIn()).rejects.toThrow(
    /^TB_HOST, TB_PORT: no connection to .* \(self-signed certificate[;)]/,
  );
});
