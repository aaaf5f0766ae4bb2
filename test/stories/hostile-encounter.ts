import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { nodeFileSystem } from "../../src/files/disk/file-system.ts";
import { viewJournals } from "../../src/files/journal/journal.ts";
import type { ErrorCode, ErrorType, Outcome, ProvisioningState, ProvisionOptions } from "../../src/index.ts";
import type { Simulator } from "../../src/simulator/index.ts";
import { tokenOf } from "../model/tokens.ts";
import { type Camera, provisionKey, provisionSecret, someConfig } from "./camera.ts";

/** How a run ends that meets no healthy ThingsBoard. */
export interface Ending {
  readonly code: ErrorCode;
  readonly type: ErrorType;
  readonly exitStatus: number;
  readonly state: ProvisioningState;
  /** What the message must say. */
  readonly says?: string | RegExp;
}

/** The endings that most encounters have, by their code. */
export const endings = {
  lost: { code: "CONNECTION_LOST", type: "NETWORK", exitStatus: 75, state: "FAILED_CONNECTION" },
  unheard: { code: "NOTHING_HEARD", type: "NETWORK", exitStatus: 75, state: "FAILED_CONNECTION" },
  silent: { code: "NO_ANSWER", type: "NETWORK", exitStatus: 75, state: "FAILED_TIMEOUT" },
  notMqtt: { code: "NOT_MQTT", type: "NETWORK", exitStatus: 75, state: "FAILED_CONNECTION" },
  tooMuch: { code: "TOO_MUCH_DATA", type: "NETWORK", exitStatus: 75, state: "FAILED_CONNECTION" },
  notTls: { code: "TLS_NOT_SPOKEN", type: "NETWORK", exitStatus: 75, state: "FAILED_CONNECTION" },
  unproven: { code: "CREDENTIALS_UNPROVEN", type: "SERVER", exitStatus: 75, state: "FAILED_VALIDATION" },
  refused: { code: "SESSION_REFUSED", type: "SERVER", exitStatus: 75, state: "FAILED_CONNECTION" },
  otherBroker: { code: "NOT_THINGSBOARD", type: "SERVER", exitStatus: 75, state: "FAILED_CONNECTION" },
  malformed: { code: "REPLY_MALFORMED", type: "VALIDATION", exitStatus: 75, state: "FAILED_VALIDATION" },
  incomplete: { code: "REPLY_INCOMPLETE", type: "VALIDATION", exitStatus: 75, state: "FAILED_VALIDATION" },
} as const satisfies Record<string, Ending>;

/** One run that ends as it should, leaves configuration and trigger alone, and tells no secret. */
export async function fails(camera: Camera, ending: Ending, options: ProvisionOptions = {}): Promise<void> {
  const { files } = camera;
  const outcome = await camera.run(options);
  const { code, type, exitStatus, state, says = "" } = ending;
  expect(outcome).toMatchObject({ result: "failed", exitStatus, error: { errorCode: code, errorType: type } });
  if (outcome.result !== "failed") return;
  expect(outcome.error.message).toMatch(says);
  expect(outcome.status.currentState).toBe(state);
  const status: unknown = JSON.parse(camera.read("provisioning_status.json"));
  expect(status).toMatchObject({ current_state: state, last_error: expect.stringContaining(code) });
  expect(camera.read("thermal_config.json")).toBe(someConfig);
  expect(camera.files).toEqual(files);
  tellsNoSecret(camera, outcome);
}

/** The next run, against a healthy server, makes the device of the journal, and no second one. */
export async function provisionsTheSame(camera: Camera, server: Simulator = camera.simulator): Promise<void> {
  const [journal] = viewJournals(nodeFileSystem, camera.directory);
  const names = journal?.intents.map(({ deviceName }) => deviceName) ?? [];
  const credentials = journal?.intents.at(-1)?.credentials;
  const token = credentials && tokenOf(credentials);
  expect(token).toMatch(/^[A-Za-z0-9]{32}$/);
  expect(await camera.run()).toMatchObject({ result: "provisioned", exitStatus: 0 });
  const [device, ...others] = server.devices;
  expect(others).toEqual([]);
  expect(device?.credentials.credentialsId).toBe(token);
  expect(names).toContain(device?.name);
  expect(camera.token).toBe(token);
  expect(camera.read("thermal_config.json")).toContain(`"device_name": "${device?.name}"`);
  expect(camera.journal).toEqual([]);
}

function tellsNoSecret(camera: Camera, outcome: Outcome & { readonly result: "failed" }): void {
  const secrets = [provisionKey, provisionSecret, ...tokensInJournal(camera)];
  const { error } = outcome;
  const told = [
    JSON.stringify(outcome),
    error.message,
    error.stack,
    String(error.cause),
    ...camera.retries.map(({ message }) => message),
  ];
  const status = camera.read("provisioning_status.json");
  for (const secret of secrets) for (const text of [...told, status]) expect(text).not.toContain(secret);
}

/** Whatever stands under a token's name in any record. */
function tokensInJournal({ directory }: Camera): readonly string[] {
  const folder = join(directory, ".thermal-provision");
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => /\d\.json$/.test(name));
  const texts = names.map((name) => readFileSync(join(folder, name), "utf8"));
  return texts.flatMap((text) => [...text.matchAll(/token"?:\s*"([^"]+)"/g)].map(([, token]) => token ?? ""));
}
