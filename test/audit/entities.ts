import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const library = fileURLToPath(new URL("../../dist/index.js", import.meta.url));

/** What is wrong in each; each is right but for the fields that it is named after. */
const script = `
import * as tp from ${JSON.stringify(library)};
const at = "2025-10-23T14:30:00Z";
const request = { device_name: "thermal-camera-ABC123", device_type: "thermal-camera",
  provision_device_key: "key", provision_device_secret: "secret", created_at: at };
const device = { device_id: "550e8400-e29b-41d4-a716-446655440000", device_name: "thermal-camera-ABC123",
  access_token: "token", server_url: "tb.example", server_port: 1883, credentials_type: "ACCESS_TOKEN", provisioned_at: at };
const status = { current_state: "IDLE", started_at: at, error_count: 0, device_name: "",
  correlation_id: "550e8400-e29b-41d4-a716-446655440000" };
const wrongIn = (check, right, wrong) => Object.fromEntries(Object.entries({ right: undefined, ...wrong }).map(([key, value]) => {
  const checked = check(key === "right" ? right : { ...right, [key]: value });
  return [key, checked.ok ? "" : checked.problems.map(({ path }) => path.join(".")).join()];
}));
const error = new tp.ProvisioningError("NO_ANSWER", "silence");
console.log(JSON.stringify({
  request: wrongIn(tp.ProvisioningRequest, request, { device_name: "thermal-camera-abc123", device_type: "camera",
    provision_device_key: "", provision_device_secret: "", created_at: "yesterday" }),
  device: wrongIn(tp.DeviceCredentials, device, { device_id: "abc", device_name: "", access_token: "", server_url: "a b",
    server_port: 65536, provisioned_at: "yesterday" }),
  status: wrongIn(tp.ProvisioningStatus, status, { current_state: "FLYING", started_at: "yesterday", error_count: -1,
    correlation_id: "seven" }),
  error: JSON.parse(JSON.stringify(error)),
}));
`;

/** The specification's entities in the library as it is shipped: which fields are complained of, when which are wrong. */
export async function entitiesOf(): Promise<Readonly<Record<string, Readonly<Record<string, unknown>>>>> {
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", script]);
  return JSON.parse(stdout);
}
