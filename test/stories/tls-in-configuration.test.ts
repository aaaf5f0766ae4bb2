import { copyFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { changedConfig } from "../../src/files/thermal-config-file.ts";
import { change } from "../files/sample.ts";
import { authorityFile, identity } from "../fixtures/tls/certificates.ts";
import { Camera } from "./camera.ts";

async function secureCamera(credentials: Readonly<Record<string, unknown>> = {}): Promise<Camera> {
  const camera = await Camera.start({ tls: identity("server") });
  copyFileSync(authorityFile(), join(camera.directory, "authority.pem"));
  camera.write("thermal_config.json", "{}");
  camera.credentials({ use_ssl: true, server_url: "127.0.0.1", ca_file: "authority.pem", ...credentials });
  return camera;
}

function serverIn(camera: Camera): unknown {
  return JSON.parse(camera.read("thermal_config.json")).server;
}

it("how the server was verified stands in the configuration, for the camera's own client", async () => {
  await using camera = await secureCamera({ server_name: "localhost" });
  const { port } = camera.simulator;
  expect(await camera.run()).toMatchObject({ result: "provisioned" });
  const server = { url: "127.0.0.1", port, use_ssl: true, ca_file: "authority.pem", server_name: "localhost" };
  expect(serverIn(camera)).toEqual(server);
  const before = readFileSync(join(camera.directory, "thermal_config.json"));
  camera.write("provision.txt", "");
  expect(await camera.run()).toMatchObject({ result: "already_provisioned" });
  expect(readFileSync(join(camera.directory, "thermal_config.json")).equals(before)).toBe(true);
});

it("what the caller said outranks provision.json there, too", async () => {
  await using camera = await secureCamera({ ca_file: "nowhere.pem" });
  const caFile = ["system", join(camera.directory, "authority.pem")];
  expect(await camera.run({ caFile })).toMatchObject({ result: "provisioned" });
  expect(serverIn(camera)).toMatchObject({ ca_file: caFile });
});

it("over plain text, and with the system's authorities alone, nothing is written of it", async () => {
  await using camera = await Camera.start();
  camera.write("thermal_config.json", "{}");
  expect(await camera.run()).toMatchObject({ result: "provisioned" });
  expect(Object.keys(Object(serverIn(camera)))).toEqual(["url", "port", "use_ssl"]);
});

const bytesOf = (server: object) => new TextEncoder().encode(JSON.stringify({ server }));
const changed = (server: object, tls: object) =>
  JSON.parse(new TextDecoder().decode(changedConfig({ bytes: bytesOf(server) }, { ...change, connection: tls })))
    .server;

it("what another program wrote of the same server stays, what is about another server goes", () => {
  const own = { ca_file: "own.pem", pinned_public_keys: ["sha256/one"] };
  expect(changed({ url: change.host, ...own }, {})).toMatchObject(own);
  expect(changed({ url: "old.example.org", note: "kept", ...own }, { caFile: ["new.pem"] })).toEqual({
    ...{ url: change.host, note: "kept", ca_file: "new.pem", port: change.serverPort, use_ssl: change.useSsl },
  });
});

it("a list that says already what it should is not touched, whatever its white space", () => {
  const text = `{ "server": { "url": "${change.host}", "pinned_public_keys": [ "a" ,\n "b" ] } }`;
  const bytes = new TextEncoder().encode(text);
  const tls = { pinnedPublicKeys: ["a", "b"] };
  expect(new TextDecoder().decode(changedConfig({ bytes }, { ...change, connection: tls }))).toContain(
    '[ "a" ,\n "b" ]',
  );
});
