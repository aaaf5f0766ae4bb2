import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { accessToken, type Behaviour, Simulator } from "../../../src/simulator/index.ts";
import { open, request, requestBody } from "../client.ts";
import { ask } from "./ask.ts";

const json = { "content-type": "application/json" };

describe("the page", () => {
  test("is one file: nothing but its own script and style runs, and nothing is loaded from anywhere", async () => {
    await using simulator = await Simulator.start({ httpPort: 0 });
    const { status, headers, body } = await ask(`${simulator.httpUrl}/`, { method: "GET" });
    const [script = ""] = /(?<=<script>).*(?=<\/script>)/s.exec(body) ?? [];
    const [style = ""] = /(?<=<style>).*(?=<\/style>)/s.exec(body) ?? [];
    expect([script.length > 1000, style.length > 1000]).toEqual([true, true]);
    expect([status, headers]).toMatchObject([
      200,
      {
        "content-type": "text/html;charset=utf-8",
        "content-security-policy":
          `default-src 'none'; script-src 'sha256-${hash(script)}'; style-src 'sha256-${hash(style)}'; img-src data:; ` +
          "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; " +
          "require-trusted-types-for 'script'; trusted-types 'none'",
        "x-frame-options": "DENY",
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
        "cross-origin-resource-policy": "same-origin",
      },
    ]);
    expect(body.match(/<script|<style/g)).toHaveLength(2);
    expect(body.replaceAll("http://www.w3.org/2000/svg", "")).not.toMatch(
      /https?:|\ssrc=|url\(|@import|innerHTML|eval\(/,
    );
    expect(body.match(/<link [^>]*>/g)).toEqual([expect.stringContaining('href="data:image/svg+xml,')]);
  });

  test("is smaller than 20 kB, and holds nothing that a device said", async () => {
    await using simulator = await Simulator.start({ httpPort: 0 });
    simulator.addDevice({ name: "<b>cam</b>", credentials: accessToken("tok") });
    const { body } = await ask(`${simulator.httpUrl}/`, { method: "GET" });
    expect(body.length).toBeLessThan(20 * 1024);
    expect(body).not.toContain("cam</b>");
  });

  test("is not asked for a favicon in vain", async () => {
    await using simulator = await Simulator.start({ httpPort: 0 });
    expect(await ask(`${simulator.httpUrl}/favicon.ico`, { method: "GET" })).toMatchObject({ status: 204, body: "" });
  });
});

describe("what a tester does", () => {
  test("a restart ends the connections, and keeps the devices or loses them", async () => {
    await using simulator = await Simulator.start({ httpPort: 0 });
    simulator.addDevice({ name: "cam", credentials: accessToken("tok") });
    const url = `${simulator.httpUrl}/simulator/restart`;
    const camera = await open(simulator, { userName: "tok" });
    expect(await ask(url, { headers: json })).toMatchObject({ status: 200, body: '{"devices":1}' });
    expect([camera.ended, simulator.devices.length]).toEqual([true, 1]);
    expect(await ask(url, { headers: json, body: '{"memory":"some"}' })).toMatchObject({
      status: 400,
      body: expect.stringContaining("memory: found"),
    });
    expect(await ask(url, { headers: json, body: '{"memory":"lost"}' })).toMatchObject({ body: '{"devices":0}' });
    expect(simulator.devices).toEqual([]);
  });

  test("a blocked device is not let in, by MQTT and by HTTP, until it is unblocked; its credentials stay", async () => {
    await using simulator = await Simulator.start({ httpPort: 0 });
    const { id } = simulator.addDevice({ name: "cam", credentials: accessToken("tok") });
    const camera = await open(simulator, { userName: "tok" });
    const url = `${simulator.httpUrl}/simulator/devices/${id}/block`;
    expect(await ask(url, { method: "PUT", headers: json })).toMatchObject({ status: 200, body: '{"blocked":true}' });
    expect(camera.ended).toBe(true);
    expect((await open(simulator, { userName: "tok" })).take()).toEqual(["20020005"]);
    expect((await open(simulator, { userName: "tok", level: 5 })).take().join("")).toMatch(/^2003008700.*e0/);
    const attributes = `${simulator.httpUrl}/api/v1/tok/attributes`;
    expect((await ask(attributes, { method: "GET" })).status).toBe(401);
    expect(await ask(url, { method: "DELETE" })).toMatchObject({ status: 200, body: '{"blocked":false}' });
    expect((await open(simulator, { userName: "tok" })).take()).toEqual(["20020000"]);
    expect((await ask(attributes, { method: "GET" })).status).toBe(200);
  });

  test("a device is deleted, and its session with it; what is not there is told as such", async () => {
    await using simulator = await Simulator.start({ httpPort: 0 });
    const { id } = simulator.addDevice({ name: "cam", credentials: accessToken("tok") });
    const camera = await open(simulator, { userName: "tok" });
    const url = `${simulator.httpUrl}/simulator/devices/${id}`;
    expect((await ask(url, { method: "PUT", headers: json })).status).toBe(404);
    expect(await ask(url, { method: "DELETE" })).toMatchObject({ status: 200, body: JSON.stringify({ removed: id }) });
    expect([camera.ended, simulator.devices]).toEqual([true, []]);
    expect(await ask(url, { method: "DELETE" })).toMatchObject({
      status: 404,
      body: expect.stringContaining("may be gone already"),
    });
  });

  test("a scenario is added to, replaced and cleared, and one of its behaviours taken out", async () => {
    await using simulator = await Simulator.start({ httpPort: 0, scenario: [{ on: "request", do: "lose" }] });
    const url = `${simulator.httpUrl}/simulator/scenario`;
    const send = async (method: string, path = "", behaviours?: readonly Behaviour[]) => {
      const body = behaviours === undefined ? "" : JSON.stringify({ description: "x", behaviours });
      return JSON.parse((await ask(`${url}${path}`, { method, headers: json, body })).body);
    };
    const [lose, double, garble] = (["lose", "double", "garble"] as const).map(
      (one) => ({ on: "request", do: one }) as const,
    );
    if (lose === undefined || double === undefined || garble === undefined) throw new Error("three");
    expect(await send("POST", "", [double])).toEqual({ unplayed: [lose, double] });
    expect(await send("DELETE", "/1")).toEqual({ unplayed: [double] });
    expect(await send("DELETE", "/1")).toEqual({ message: expect.stringContaining("nothing of the id 1") });
    expect(await send("PUT", "", [garble])).toEqual({ unplayed: [garble] });
    const asking = await open(simulator);
    await asking.send(request(requestBody()));
    expect(await send("POST", "", [])).toEqual({ unplayed: [] });
    expect(await send("DELETE")).toEqual({ unplayed: [] });
    expect(await send("PUT", "", [lose])).toEqual({ unplayed: [lose] });
    expect(await send("PUT", "", JSON.parse('[{"on":"request","do":"loose"}]'))).toMatchObject({
      problems: [expect.any(String)],
    });
    expect(await send("DELETE")).toEqual({ unplayed: [] });
  });
});

describe("a page of another origin", () => {
  const writing = [
    ["POST", "/simulator/scenario"],
    ["PUT", "/simulator/scenario"],
    ["DELETE", "/simulator/scenario"],
    ["POST", "/simulator/reset"],
    ["POST", "/simulator/restart"],
    ["DELETE", "/simulator/devices/ID"],
    ["PUT", "/simulator/devices/ID/block"],
    ["POST", "/api/v1/provision"],
    ["POST", "/api/v1/tok/attributes"],
    ["POST", "/api/auth/login"],
  ] as const;

  test.each(writing)("cannot change anything: %s %s", async (method, path) => {
    const scenario: Behaviour[] = [{ on: "request", do: "lose" }];
    await using simulator = await Simulator.start({ httpPort: 0, scenario });
    const { id } = simulator.addDevice({ name: "cam", credentials: accessToken("tok") });
    const camera = await open(simulator, { userName: "tok" });
    const url = `${simulator.httpUrl}${path.replace("ID", id)}`;
    const body = path === "/api/v1/provision" ? requestBody() : "{}";
    const { port } = new URL(url);
    for (const [headers, status] of [
      [{ origin: "http://evil.example" }, 403],
      [{ origin: "null" }, 403],
      [{ origin: `http://localhost:${Number(port) + 1}`, host: `localhost:${port}` }, 403],
      [{ origin: `https://127.0.0.1:${port}` }, 403],
      [{ "sec-fetch-site": "cross-site" }, 403],
      [{ "sec-fetch-site": "same-site" }, 403],
      [{ origin: "http://evil.example", host: "evil.example" }, 421],
      [{ host: "evil.example" }, 421],
      [{ host: "127.0.0.1.evil.example" }, 421],
    ] as const) {
      const reply = await ask(url, { method, headers: { ...json, ...headers }, body });
      expect([headers, reply.status]).toEqual([headers, status]);
    }
    expect([camera.ended, simulator.devices.length, simulator.device("cam")?.attributes.client]).toEqual([
      false,
      1,
      {},
    ]);
    await simulator.restart();
    expect((await open(simulator, { userName: "tok" })).take()).toEqual(["20020000"]);
    expect(() => simulator.assertScenarioFinished()).toThrow(JSON.stringify(scenario[0]));
  });

  test("which the simulator's own is not, nor a program that is no browser", async () => {
    await using simulator = await Simulator.start({ httpPort: 0 });
    const url = `${simulator.httpUrl}/simulator/reset`;
    const { host, port } = new URL(url);
    for (const headers of [
      { origin: `http://${host}`, "sec-fetch-site": "same-origin" },
      { origin: `http://localhost:${port}`, host: `localhost:${port}` },
      {},
    ]) {
      expect((await ask(url, { headers: { ...json, ...headers } })).status).toBe(200);
    }
    expect((await ask(url, { headers: { "content-type": "text/plain" } })).status).toBe(415);
  });
});

function hash(text: string): string {
  return createHash("sha256").update(text, "utf8").digest("base64");
}
