import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { entitiesOf } from "./entities.ts";
import { type Seen, Stage, statusOf } from "./stage.ts";

const id = "550e8400-e29b-41d4-a716-446655440000";
const success = { status: "SUCCESS", device_id: id, credentials_type: "ACCESS_TOKEN" };
const quota = "Device quota of the tenant exceeded (max 50)";

/** What the server answers to the camera of this name, in the words of the specification. */
const answers: Readonly<Record<string, object>> = {
  echoed: { ...success, device_name: "echoed", access_token: "c3BlY2lmaWNhdGlvbg==" },
  odd: { ...success, device_name: "odd", access_token: "not-base64_*" },
  other: { ...success, device_name: "another", access_token: "c3BlY2lmaWNhdGlvbg==" },
  tokenless: { ...success, device_name: "tokenless", access_token: "" },
  misnumbered: { ...success, device_id: "abc", device_name: "misnumbered", access_token: "c3BlY2lmaWNhdGlvbg==" },
  undecided: { ...success, status: "OK", device_name: "undecided", access_token: "c3BlY2lmaWNhdGlvbg==" },
  basic: { ...success, credentials_type: "LWM2M_CREDENTIALS", device_name: "basic", access_token: "c3BlYw==" },
  quota: { status: "FAILURE", error_message: quota, error_code: "QUOTA_EXCEEDED" },
  wordless: { status: "FAILURE" },
  unauthorised: { status: "FAILURE", error_message: "wrong secret", error_code: "AUTH_FAILED" },
};

const behaviours = [
  ...Object.entries(answers).map(([deviceName, payload]) => ({
    ...{ on: "request", nth: "every", deviceName, do: "answer", payload: JSON.stringify(payload) },
  })),
  { on: "request", deviceName: "interrupted", do: "lose" },
  { on: "request", nth: "every", deviceName: "silent", do: "lose" },
  { on: "request", nth: "every", deviceName: "held", do: "lose" },
];

/** Devices that are there already, with these tokens: the server lets the camera in with no token of its own. */
const registered = {
  ...{ echoed: "c3BlY2lmaWNhdGlvbg==", odd: "not-base64_*", other: "a", tokenless: "b" },
  ...{ misnumbered: "c", undecided: "d", basic: "e", quota: "f", wordless: "g", silent: "h", held: "i" },
};

/** The specification's `thermal_config.json`, with other credentials in it, as a camera has it. */
export const formerConfig = `{
  "device": {
    "device_id": "550e8400-e29b-41d4-a716-446655440000",
    "device_name": "thermal-camera-ABC123",
    "access_token": "your-device-access-token",
    "credentials_type": "ACCESS_TOKEN"
  },
  "server": {
    "url": "eu.thingsboard.cloud",
    "port": 1883,
    "use_ssl": true
  },
  "measurement_spots": [
    // existing measurement spot configuration
  ],
  "provisioning": {
    "provisioned_at": "2025-10-23T14:30:00Z",
    "provisioned_from": "provision.json"
  }
}
`;

/** All that is played, at the same time: a server that has an answer for each, and each camera's run. */
export async function playAll() {
  await using stage = await Stage.open(behaviours, registered);
  const named = (name: string) => stage.run(stage.camera(name, { device_name: name }));
  /** Until the camera says why it asks once more. */
  const doubted = (name: string) => stage.run(stage.camera(name, { device_name: name }), { until: '"type":"retry"' });
  const files = Promise.all([
    firstOf(stage),
    stage.run(stage.camera("prefixed", { device_name_prefix: "factory-hall", timeout_seconds: undefined })),
    idleOf(stage),
    malformedOf(stage),
    stage.run(stage.camera("wrong", wrongKeys)),
    stage.run(stage.camera("alsoWrong", otherWrongKeys)),
    stage.run(stage.camera("placeholders", specificationSample)),
    entitiesOf(),
  ]);
  const ends = Promise.all([
    ...([named("echoed"), named("odd"), named("basic"), named("quota"), named("wordless")] as const),
    named("unauthorised"),
    stage.run(stage.camera("notFound", { provision_device_secret: "anotherSecret" })),
    stage.run(stage.camera("tls", { use_ssl: true })),
    stage.run(stage.camera("silent", { device_name: "silent", timeout_seconds: 1 })),
  ]);
  const cuts = Promise.all([
    doubted("other"),
    doubted("tokenless"),
    doubted("misnumbered"),
    doubted("undecided"),
    interruptedOf(stage),
    besideOf(stage),
  ]);
  const [first, prefixed, idle, malformed, wrong, alsoWrong, placeholders, entities] = await files;
  const [echoed, odd, basic, quotaExceeded, wordless, unauthorised, notFound, tls, silent] = await ends;
  const [other, tokenless, misnumbered, undecided, interrupted, beside] = await cuts;
  const devices = stage.told("device_created").map((event) => event["device_name"]);
  return {
    ...{ first, prefixed, idle, malformed, wrong, alsoWrong, placeholders, notFound, tls, port: stage.port },
    ...{ echoed, odd, basic, quotaExceeded, wordless, unauthorised },
    ...{ other, tokenless, misnumbered, undecided, silent, interrupted, beside, entities, devices },
  };
}

export type Plays = Awaited<ReturnType<typeof playAll>>;

const wrongKeys = {
  ...{ server_url: "a b", server_port: 65_536, provision_device_key: "", provision_device_secret: "" },
  ...{ device_name_prefix: "Thermal", timeout_seconds: 0 },
};

/** The specification's `provision.json`, as it stands. */
const specificationSample = {
  ...{ server_url: "eu.thingsboard.cloud", server_port: 1883, use_ssl: undefined },
  ...{ provision_device_key: "your-provision-key", provision_device_secret: "your-provision-secret" },
  ...{ device_name_prefix: "thermal-camera", timeout_seconds: 30 },
};

const otherWrongKeys = {
  ...{ server_url: "http://tb.example", server_port: "1883", provision_device_key: 5, provision_device_secret: null },
  ...{ device_name_prefix: "a1", timeout_seconds: 1.5 },
};

/** A camera with the specification's configuration and seven old backups; then its trigger again, then none. */
async function firstOf(stage: Stage) {
  const directory = stage.camera("first", { device_name_prefix: "thermal-camera", timeout_seconds: 30 });
  writeFileSync(join(directory, "thermal_config.json"), formerConfig);
  for (const second of [1, 2, 3, 4, 5, 6, 7])
    writeFileSync(join(directory, `thermal_config.json.backup.${second}`), "{}");
  const began = Date.now();
  const seen = await stage.run(directory);
  const backups = seen.names.filter((name) => name.includes(".backup."));
  const newest = readFileSync(join(directory, backups.find((name) => name.length > 30) ?? ""), "utf8");
  writeFileSync(join(directory, "provision.txt"), "");
  const again = await stage.run(directory);
  const afterwards = await stage.run(directory);
  return { ...seen, began, ended: Date.now(), backups, newest, again, afterwards };
}

async function idleOf(stage: Stage) {
  const directory = stage.camera("idle");
  rmSync(join(directory, "provision.txt"));
  return stage.run(directory);
}

async function malformedOf(stage: Stage) {
  const directory = stage.camera("malformed");
  writeFileSync(join(directory, "provision.json"), '{"server_url": }');
  return stage.run(directory);
}

/** A camera whose answer is lost, and then its power; `status`; and it goes on. */
async function interruptedOf(stage: Stage) {
  const directory = stage.camera("interrupted", { device_name: "interrupted" });
  const cut = await stage.run(directory, { until: '"WAITING_RESPONSE"' });
  const inspection = await statusOf(directory);
  return { ...(await stage.run(directory)), cut, inspection };
}

/** A second start beside a run that waits for an answer which does not come. */
async function besideOf(stage: Stage) {
  const directory = stage.camera("held", { device_name: "held" });
  const beside: Seen[] = [];
  const meanwhile = async () => void beside.push(await stage.run(directory));
  await stage.run(directory, { until: '"WAITING_RESPONSE"', meanwhile });
  return beside[0];
}
