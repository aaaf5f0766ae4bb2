import { copyFileSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { check, dryRun, systemClock } from "../../src/index.ts";
import { authorityFile, identity } from "../fixtures/tls/certificates.ts";
import { Camera } from "./camera.ts";
import { run } from "./command.ts";
import { ProxyServer } from "./proxy-server.ts";

describe("through a proxy", () => {
  it("a camera is provisioned in plain text, every connection by CONNECT, and the configuration names the proxy", async () => {
    await using proxy = await ProxyServer.start();
    await using camera = await Camera.start();
    camera.credentials({ proxy: proxy.url });
    const outcome = await camera.run();
    expect(outcome).toMatchObject({
      result: "provisioned",
      warnings: expect.arrayContaining([{ code: "PROXY_IN_THE_WAY", message: expect.stringContaining(proxy.url) }]),
    });
    const { host, port } = camera.simulator;
    const asked = `CONNECT ${host}:${port} HTTP/1.1\r\nHost: ${host}:${port}\r\n\r\n`;
    expect(new Set(proxy.heard)).toEqual(new Set([asked]));
    expect(camera.read("thermal_config.json")).toContain(`"proxy": "${proxy.url}"`);
    expect(camera.tokensOnServer).toEqual([camera.token]);
  });

  it("over TLS the server proves itself as without one, and nothing but the handshake is seen on the way", async () => {
    await using proxy = await ProxyServer.start();
    await using camera = await Camera.start({ tls: identity("server") });
    copyFileSync(authorityFile(), join(camera.directory, "authority.pem"));
    camera.credentials({ server_url: "localhost", use_ssl: true, ca_file: "authority.pem" });
    expect(await camera.run({ proxy: proxy.url, requireTls: true })).toMatchObject({ result: "provisioned" });
    expect(proxy.heard[0]).toMatch(/^CONNECT localhost:\d+ HTTP/);
    await using wrong = await Camera.start({ tls: identity("wrong-name") });
    copyFileSync(authorityFile(), join(wrong.directory, "authority.pem"));
    wrong.credentials({ server_url: "localhost", use_ssl: true, ca_file: "authority.pem", proxy: proxy.url });
    expect(await wrong.run()).toMatchObject({ error: { errorCode: "TLS_WRONG_HOST" } });
    expect(wrong.simulator.devices).toEqual([]);
  });

  it("user name and password go to the proxy alone: no file but provision.json, and no word of the run, has them", async () => {
    await using proxy = await ProxyServer.start();
    await using camera = await Camera.start();
    camera.credentials({ proxy: proxy.url.replace("//", "//camera:s%40cretOfProxy@") });
    const outcome = await camera.run();
    expect(outcome).toMatchObject({ result: "provisioned" });
    const basic = Buffer.from("camera:s@cretOfProxy").toString("base64");
    expect(proxy.heard[0]).toContain(`\r\nProxy-Authorization: Basic ${basic}\r\n`);
    const told = JSON.stringify([outcome, camera.statuses, await dryRun({ directory: camera.directory })]);
    const files = readdirSync(camera.directory, { recursive: true, encoding: "utf8" })
      .filter((name) => /\.(json|backup\.\d+)$/.test(name) && name !== "provision.json")
      .map((name) => readFileSync(join(camera.directory, name), "utf8"));
    for (const text of [told, ...files]) expect(text).not.toMatch(/s(@|%40)cretOfProxy/);
  });
});

/** No answer yet (RFC 9110, 15.2). */
const interim = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\r\nVia: 1.1 proxy\r\n\r\n";

const answers = (text: string) => () => ProxyServer.start((socket) => void socket.end(text));

describe("what goes wrong at a proxy is the proxy's, and nothing is told to the server", () => {
  it.each([
    ["wants credentials", answers("HTTP/1.1 407 Who are you\r\n\r\n"), "PROXY_CREDENTIALS_WANTED", 78],
    ["forbids it", answers("HTTP/1.1 403 No\r\n\r\n"), "PROXY_REFUSED", 78],
    ["does not know CONNECT", answers("HTTP/1.0 405 No\r\n\r\n"), "PROXY_REFUSED", 78],
    ["cannot reach the server", answers("HTTP/1.1 502 Bad\r\n\r\n"), "PROXY_FINDS_NO_SERVER", 75],
    ["gets no answer", answers("HTTP/1.1 504 Late\r\n\r\n"), "PROXY_FINDS_NO_SERVER", 75],
    ["says that it is at work, and forbids it", answers(`${interim}HTTP/1.1 403 No\r\n\r\n`), "PROXY_REFUSED", 78],
    ["is at work for ever", answers(interim.repeat(20)), "PROXY_NOT_SPOKEN", 78],
    ["is an SSH server", answers("SSH-2.0-OpenSSH_9.2\r\n"), "PROXY_NOT_SPOKEN", 78],
    ["closes without a word", answers(""), "PROXY_NOT_SPOKEN", 78],
    ["never ends its header", answers(`HTTP/1.1 200 OK\r\n${"x: y\r\n".repeat(5000)}`), "PROXY_NOT_SPOKEN", 78],
    ["has an HTTP version of its own", answers("HTTP/9.9 200 OK\r\n\r\n"), "PROXY_NOT_SPOKEN", 78],
    ["says nothing", () => ProxyServer.start(() => {}), "PROXY_UNREACHABLE", 75],
  ] as const)("it %s", async (_, start, errorCode, exitStatus) => {
    await using proxy = await start();
    await using camera = await Camera.start();
    // Who says nothing is waited for.
    camera.credentials({ proxy: proxy.url, timeout_seconds: errorCode === "PROXY_UNREACHABLE" ? 5 : 300 });
    const outcome = await camera.run();
    expect(outcome).toMatchObject({ exitStatus, error: { errorCode, message: expect.stringContaining(proxy.url) } });
    expect(camera.simulator.heard).toEqual([]);
  });

  it("nobody listens there", async () => {
    const proxy = await ProxyServer.start();
    const { url } = proxy;
    await proxy[Symbol.asyncDispose]();
    await using camera = await Camera.start();
    camera.credentials({ proxy: url });
    expect(await camera.run()).toMatchObject({
      exitStatus: 75,
      error: { errorCode: "PROXY_UNREACHABLE", message: expect.stringMatching(/^proxy http:.*ECONNREFUSED/) },
    });
  });
});

it("what a proxy says before its answer is no answer, in one piece with it or before it", async () => {
  await using proxy = await ProxyServer.start();
  proxy.saysFirst = interim;
  await using camera = await Camera.start();
  camera.credentials({ proxy: proxy.url });
  expect(await camera.run()).toMatchObject({ result: "provisioned" });
});

it("the proxy is the first thing that a run tells of, and stands below the server in a dry run", async () => {
  await using proxy = await ProxyServer.start();
  await using camera = await Camera.start();
  camera.credentials({ proxy: proxy.url.replace("//", "//camera:s%40cretOfProxy@") });
  const rehearsed = await run(["provision", "--dry-run", "--human", "-d", camera.directory]);
  const { host, port } = camera.simulator;
  expect(rehearsed.out).toContain(
    `Server\n  mqtt://${host}:${port} (plain text, as provision.json says)\n  through the proxy ${proxy.url}\n`,
  );
  const asJson = await run(["provision", "--dry-run", "--json", "-d", camera.directory]);
  expect(asJson.outcome).toMatchObject({ result: "rehearsed", proxy: proxy.url });
  const { warnings } = await camera.run();
  expect(warnings.map(({ code }) => code)).toEqual(["PROXY_IN_THE_WAY", "PLAIN_TEXT", "NO_DEVICE_ID"]);
});

describe("how a proxy is written", () => {
  it.each([
    "proxy.example:3128",
    "socks5://proxy:1080",
    "https://proxy:443",
    "http://",
    "http://:x@proxy",
    "http://a:b%0d@p",
  ])("%s is refused before anything is sent, and not quoted", async (written) => {
    await using camera = await Camera.start();
    camera.credentials({ proxy: written });
    const outcome = await camera.run();
    expect(outcome).toMatchObject({ exitStatus: 78, error: { errorCode: "CREDENTIALS_FILE_INVALID" } });
    expect(JSON.stringify(outcome)).not.toContain(`"${written}"`);
  });

  it("a password among the options is refused: every user sees the parameters of a program", async () => {
    await using camera = await Camera.start();
    const outcome = await camera.run({ proxy: "http://camera:secretOfProxy@proxy.example:3128" });
    expect(outcome).toMatchObject({ exitStatus: 64, error: { errorCode: "USAGE" } });
    expect(JSON.stringify(outcome)).not.toContain("secretOfProxy");
  });
});

it("check looks at the way through the proxy, and leaves the name to it", async () => {
  await using proxy = await ProxyServer.start();
  await using camera = await Camera.start();
  camera.credentials({ proxy: proxy.url });
  const { lines, exitStatus } = await check({ directory: camera.directory });
  expect(lines).toContainEqual(expect.objectContaining({ group: "name", state: "skipped" }));
  expect(lines).toContainEqual(expect.objectContaining({ group: "way", name: "proxy", state: "ok" }));
  expect(lines).toContainEqual(expect.objectContaining({ group: "server", name: "MQTT", state: "ok" }));
  expect(exitStatus).toBe(0);
});

it.each([
  ["Thu, 01 Jan 2026 00:04:00 GMT", "ok"],
  ["Thu, 01 Jan 2026 00:06:00 GMT", "warning"],
  ["Wed, 31 Dec 2025 23:54:00 GMT", "warning"],
  ["Thursday, 01-Jan-26 00:04:00 GMT", undefined],
  ["now", undefined],
] as const)("check compares the camera's clock with a proxy's that says %s: %s", async (date, state) => {
  await using proxy = await ProxyServer.start();
  proxy.headers = `Via: 1.1 proxy\r\nDate: ${date}\r\n`;
  await using camera = await Camera.start();
  camera.credentials({ proxy: proxy.url });
  const clock = { ...systemClock, now: () => new Date("2026-01-01T00:00:00Z") };
  const { lines } = await check({ directory: camera.directory, surroundings: { clock } });
  const line = lines.find(({ name }) => name === "proxy's date");
  expect(line?.state).toBe(state);
  if (line !== undefined)
    expect(line.found).toMatch(/^the proxy's clock says 202.*Z, this camera's 2026-01-01T00:00:00.000Z$/);
});

it("check names the variable of a proxy that is not obeyed, where the way is closed", async () => {
  await using camera = await Camera.start();
  await camera.simulator.close();
  vi.stubEnv("https_proxy", "http://camera:secretOfProxy@proxy.example:3128");
  onTestFinished(() => void vi.unstubAllEnvs());
  const { lines } = await check({ directory: camera.directory });
  const closed = lines.find(({ code }) => code === "CONNECTION_REFUSED");
  expect(closed?.found).toContain("https_proxy is set and not obeyed here");
  expect(JSON.stringify(lines)).not.toContain("secretOfProxy");
});
