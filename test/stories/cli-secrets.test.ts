import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { accessToken, type SimulatorOptions } from "../../src/simulator/index.ts";
import { authorityFile, identity } from "../fixtures/tls/certificates.ts";
import { makeCertificate } from "../simulator/certificate.ts";
import { Camera, provisionKey, provisionSecret } from "./camera.ts";
import { Command, type Ended } from "./command.ts";

const formerToken = "FormerTokenThatNobodyMaySee";
const wifiPassword = "WifiPasswordOfTheHall";
const notedPassword = "PasswordInAComment";
const listedToken = "TokenInAList";
const registeredToken = "TokenOfARegisteredDevice";
const wrongSecret = "MistypedProvisionSecret";

const config = `{ "device": { "separators": ["-", ":"], "access_token": "${formerToken}" }, // ${notedPassword}
  "server": { "url": "old.example.org" }, "others": { "tokens": ["${listedToken}"], "pass": "${listedToken}" },
  "wifi": { "pass\\u0077ord": "${wifiPassword}" } }`;

interface Case {
  readonly server?: SimulatorOptions;
  readonly credentials?: Readonly<Record<string, unknown>>;
  readonly parameters?: readonly string[];
  /** The command is stopped when it prints this. */
  readonly until?: string;
  readonly exitStatus: number;
  readonly prepare?: (camera: Camera) => Promise<unknown>;
}

const everyRequest = { on: "request", nth: "every" } as const;
const registered = {
  profiles: [
    {
      name: "thermal-camera",
      provisionType: "CHECK_PRE_PROVISIONED_DEVICES",
      provisionDeviceKey: provisionKey,
      provisionDeviceSecret: provisionSecret,
    },
  ],
} as const;

const cases: Readonly<Record<string, Case>> = {
  "a success": { exitStatus: 0 },
  "a success with the server's own token": {
    server: registered,
    credentials: { device_name: "hall-3" },
    prepare: async ({ simulator }) =>
      simulator.addDevice({ name: "hall-3", credentials: accessToken(registeredToken) }),
    exitStatus: 0,
  },
  "a token known in advance": {
    server: registered,
    credentials: { device_name: "hall-3", access_token: registeredToken },
    prepare: async ({ simulator }) =>
      simulator.addDevice({ name: "hall-3", credentials: accessToken(registeredToken) }),
    exitStatus: 0,
  },
  "a wrong secret": { credentials: { provision_device_secret: wrongSecret }, exitStatus: 77 },
  "a lost answer": { server: { scenario: [{ on: "request", do: "close" }] }, exitStatus: 0 },
  "an answer that is garbage": {
    server: {
      scenario: [
        { ...everyRequest, do: "garble" },
        { on: "probe", nth: "every", do: "code", code: 5 },
      ],
    },
    until: '"retry"',
    exitStatus: 143,
  },
  "an answer that echoes the secret": {
    server: {
      scenario: [
        { ...everyRequest, do: "answer", payload: `{"status":"${provisionSecret}","errorMsg":"${provisionKey}"}` },
        { on: "probe", nth: "every", do: "code", code: 5 },
      ],
    },
    until: '"retry"',
    exitStatus: 143,
  },
  "a server that is away": {
    prepare: ({ simulator }) => simulator.close(),
    until: '"retry"',
    exitStatus: 143,
  },
  "a run that is stopped": {
    server: { scenario: [{ ...everyRequest, do: "lose" }] },
    until: "WAITING_RESPONSE",
    exitStatus: 143,
  },
  "mistakes in provision.json": {
    credentials: { provision_device_key: [provisionKey], provision_devise_secret: provisionSecret, server_port: 0 },
    exitStatus: 78,
  },
  "the secret where the authorities are named": {
    credentials: { use_ssl: true, ca_file: `${provisionSecret}/x` },
    exitStatus: 78,
  },
  "the secret under keys that are none of a secret": {
    credentials: {
      server_url: `mqtt://tb.example/${provisionSecret}`,
      use_ssl: provisionSecret,
      timeout_seconds: provisionSecret,
      device_name_prefix: provisionSecret,
      proxy: provisionSecret,
      credentials_type: provisionSecret,
      pinned_public_keys: [provisionSecret],
    },
    exitStatus: 78,
  },
  "a provision.json that is cut off": {
    prepare: async (camera) =>
      camera.write(
        "provision.json",
        `{"provision_device_key": "${provisionKey}", "provision_device_secret": "${provisionSecret}`,
      ),
    exitStatus: 78,
  },
  "a configuration that is cut off": {
    prepare: async (camera) => camera.write("thermal_config.json", config.slice(0, -5)),
    exitStatus: 78,
  },
  "a dry run": { parameters: ["--dry-run"], exitStatus: 0 },
  "a success with MQTT Basic, and the emptying of its secrets": {
    credentials: { credentials_type: "MQTT_BASIC", wipe_secret_after_success: true },
    exitStatus: 0,
  },
  "a success with a certificate that the camera makes": {
    server: { tls: identity("server") },
    credentials: { use_ssl: true, ca_file: authorityFile(), credentials_type: "X509_CERTIFICATE" },
    exitStatus: 0,
  },
  "a certificate whose key is another's": {
    server: { tls: identity("server") },
    credentials: {
      use_ssl: true,
      ca_file: authorityFile(),
      credentials_type: "X509_CERTIFICATE",
      client_certificate_file: "device-own.crt.pem",
      client_key_file: "device-own.key.pem",
    },
    prepare: async (camera) => {
      camera.write("device-own.crt.pem", makeCertificate({ commonName: "own" }).cert);
      camera.write("device-own.key.pem", makeCertificate({ commonName: "another" }).key);
    },
    exitStatus: 78,
  },
  "a dry run of a camera with MQTT Basic": {
    credentials: { credentials_type: "MQTT_BASIC" },
    parameters: ["--dry-run"],
    prepare: async (camera) => {
      await camera.run();
      camera.write("provision.txt", "");
    },
    exitStatus: 0,
  },
  "a secret in a file that is in the wrong form": {
    credentials: { provision_device_secret: undefined, provision_device_secret_file: "others.json" },
    prepare: async (camera) => camera.write("others.json", ` ${provisionSecret}`),
    exitStatus: 78,
  },
  "a dry run of a provisioned camera": {
    parameters: ["--dry-run"],
    prepare: async (camera) => {
      await camera.run();
      camera.write("provision.txt", "");
    },
    exitStatus: 0,
  },
};

/** What others on the camera can read: all but the files that are there to hold secrets. */
function readableFiles(camera: Camera): string {
  const isSecret = (name: string) =>
    /^(provision|thermal_config|others)\.json|\.key\.pem$/.test(name) || name.startsWith(".thermal-provision/");
  const names = readdirSync(camera.directory, { recursive: true, encoding: "utf8" });
  const files = names.filter((name) => !isSecret(name) && statSync(join(camera.directory, name)).isFile());
  return files.map((name) => readFileSync(join(camera.directory, name), "utf8")).join("\n");
}

/** The tokens that the camera made and that the server gave, from the files that hold them. */
function tokensIn(camera: Camera): readonly string[] {
  const journal = camera.journal.map((name) => camera.read(join(".thermal-provision", name)));
  const secrets = journal.flatMap((text) => [...text.matchAll(/"(?:secret|access_token)":\s*"([^"]+)"/g)]);
  const config = camera.read("thermal_config.json");
  const parts = [...config.matchAll(/"(?:client_id|user_name|password)":\s*"([^"]+)"/g)].map(([, part]) => part ?? "");
  return [
    ...camera.tokensOnServer,
    ...parts,
    ...secrets.flatMap(([, secret]) => secret ?? []),
    camera.token ?? formerToken,
  ];
}

/** The lines of every private key in the camera's folder. */
function keysIn(camera: Camera): readonly string[] {
  const keys = readdirSync(camera.directory).filter((name) => name.endsWith(".key.pem"));
  return keys.flatMap((name) =>
    camera
      .read(name)
      .split("\n")
      .filter((line) => line !== "" && !line.startsWith("-")),
  );
}

/** What people read is made from the same facts; these have words of their own. */
const forPeople = [
  "a success",
  "a wrong secret",
  "a server that is away",
  "mistakes in provision.json",
  "a dry run",
  "a dry run of a camera with MQTT Basic",
  "a success with a certificate that the camera makes",
  "a certificate whose key is another's",
];

it.each(["NODE_DEBUG", "NODE_DEBUG_NATIVE"])(
  "with %s, which makes Node itself print what is sent, nothing is done, and it is said why",
  async (name) => {
    await using camera = await Camera.start();
    const parameters = ["provision", "-d", camera.directory];
    const { exitStatus, out, err } = await new Command(parameters, { [name]: "stream" }).ended;
    expect(exitStatus).toBe(64);
    expect(out).toBe("");
    expect(err).toContain(`${name} is set`);
    expect(err).toContain(`env -u ${name} thermal-provision`);
    expect(camera.simulator.heard).toEqual([]);
    expect(camera.journal).toEqual([]);
  },
);

it.each([
  ["--inspect=127.0.0.1:0", "--inspect"],
  ["--no-warnings --tls-keylog=keys", "--tls-keylog"],
  ["--heapsnapshot_signal=SIGUSR2", "--heapsnapshot-signal"],
  ['"--heap-prof"', "--heap-prof"],
])("with NODE_OPTIONS %s, which opens what is secret to others, nothing is done", async (value, name) => {
  await using camera = await Camera.start();
  // What Node writes all the same goes with the camera's folder.
  const environment = { NODE_OPTIONS: `${value} --diagnostic-dir=${camera.directory}` };
  const { exitStatus, out, err } = await new Command(["provision", "-d", camera.directory], environment).ended;
  expect(exitStatus).toBe(64);
  expect(out).toBe("");
  expect(err).toContain(`error: ${name} is set for Node.js`);
  expect(camera.simulator.heard).toEqual([]);
  expect(camera.journal).toEqual([]);
});

it("variables for debugging that are empty are as good as none", async () => {
  const { exitStatus } = await new Command(["explain", "LOCKED"], { NODE_DEBUG: "", NODE_DEBUG_NATIVE: "" }).ended;
  expect(exitStatus).toBe(0);
});

describe.each([
  ["--json", Object.keys(cases)],
  ["--human", forPeople],
])("with %s", (form, names) => {
  it.each(Object.entries(cases).filter(([name]) => names.includes(name)))(
    "%s tells no key, secret, token or password",
    async (_, story) => {
      await using camera = await Camera.start(story.server ?? {}, { timeout_seconds: 30, ...story.credentials });
      camera.write("thermal_config.json", config);
      await story.prepare?.(camera);
      const parameters = [
        "provision",
        "-d",
        camera.directory,
        form,
        "--log-level",
        "info",
        ...(story.parameters ?? []),
      ];
      const command = new Command(parameters, { DEBUG: "*" });
      if (story.until !== undefined) {
        await command.printed(form === "--human" ? story.until.replace('"retry"', "again in") : story.until);
        command.signal("SIGTERM");
      }
      const ended: Ended = await command.ended;
      expect(ended.exitStatus).toBe(story.exitStatus);
      expect(ended.commandLines).toContain(camera.directory);
      const seen = [ended.out, ended.err, ended.commandLines, readableFiles(camera)].join("\n");
      const secrets = [
        provisionKey,
        provisionSecret,
        wrongSecret,
        formerToken,
        wifiPassword,
        registeredToken,
        notedPassword,
        listedToken,
      ];
      for (const secret of [...secrets, ...tokensIn(camera), ...keysIn(camera)]) expect(seen).not.toContain(secret);
    },
  );
});
