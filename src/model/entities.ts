/**
 * The specification's entities as a caller of the library checks them. Each function takes what may be anything: the
 * entity as TypeScript has it, or the specification's form, as it comes from JSON. What it gives is frozen, and JSON
 * writes it in the specification's form again, with `[secret]` in the place of secrets.
 */
import * as v from "valibot";
import { isObject, type JsonObject } from "../base/json-object.ts";
import { Secret } from "../base/secret.ts";
import { checkObject, describe } from "./check.ts";
import { type Credentials, credentialsTypes, type OwnType, ownTypes, readCredentials } from "./credentials.ts";
import { DeviceCredentials as checkDevice, type DeviceCredentials as Device } from "./device-credentials.ts";
import { defaultPrefix, type Naming } from "./device-name.ts";
import type { Checked, Problem } from "./problem.ts";
import {
  ProvisioningCredentials as checkInput,
  type ProvisioningCredentials as Input,
} from "./provisioning-credentials.ts";
import { ProvisioningRequest as checkRequest, type ProvisioningRequest as Request } from "./provisioning-request.ts";
import {
  ProvisioningResponse as checkResponse,
  type ProvisioningResponse as Response,
} from "./provisioning-response.ts";
import { ProvisioningStatus as checkStatus, type ProvisioningStatus as Status } from "./provisioning-status.ts";
import { specificationForm, type Written, written } from "./specification-form.ts";

const aText = "a text";
const text = v.string(aText);
const moment = "a moment such as 2025-10-23T14:30:00Z";
const timestamp = v.pipe(v.string(moment), v.isoTimestamp(moment));
const type = v.optional(v.picklist(credentialsTypes, `one of ${credentialsTypes.join(", ")}`), "ACCESS_TOKEN");
const login = {
  ...{ access_token: v.optional(text), client_id: v.optional(text) },
  ...{ user_name: v.optional(text), password: v.optional(text) },
};
const secrets = ["provision_device_key", "provision_device_secret", ...Object.keys(login)];

/** The input of a provisioning, as `provision.json` holds it. */
export type ProvisioningCredentials = Input;

/**
 * Checks what `provision.json` holds, or would hold. Every problem comes at once; secrets are never quoted.
 *
 * ```ts
 * import { readFileSync } from "node:fs";
 * import { ProvisioningCredentials } from "thermal-provision";
 *
 * const checked = ProvisioningCredentials(JSON.parse(readFileSync("provision.json", "utf8")));
 * if (!checked.ok) for (const { path, found, expected } of checked.problems) console.error(path, found, expected);
 * ```
 */
export function ProvisioningCredentials(input: unknown): Checked<Written<ProvisioningCredentials>> {
  return finished(checkInput(formOf(input)));
}

/** What the camera asks of the server. `credentials` is ours: what the camera made and offers. */
export type ProvisioningRequest = Omit<Request, "credentials"> & Partial<Pick<Request, "credentials">>;

/** Checks a request. `deviceName` and `deviceNamePrefix`, as in `provision.json`, take the place of the pattern. */
export function ProvisioningRequest(
  input: unknown,
  {
    deviceName,
    deviceNamePrefix = defaultPrefix,
  }: { readonly deviceName?: string; readonly deviceNamePrefix?: string } = {},
): Checked<Written<ProvisioningRequest>> {
  const entries = {
    ...{ device_name: text, device_type: text, provision_device_key: text, provision_device_secret: text },
    ...{ created_at: timestamp, credentials_type: type, ...login },
  };
  const form = checkObject(entries, formOf(input), { secrets });
  if (!form.ok) return form;
  const { value } = form;
  const naming: Naming =
    deviceName === undefined ? { kind: "generated", prefix: deviceNamePrefix } : { kind: "fixed", name: deviceName };
  const credentials = credentialsOf(value);
  const request = {
    deviceName: value.device_name,
    deviceType: value.device_type,
    provisionDeviceKey: new Secret(value.provision_device_key),
    provisionDeviceSecret: new Secret(value.provision_device_secret),
    createdAt: new Date(value.created_at),
  };
  return finished(checkRequest({ ...request, ...(credentials === undefined ? {} : { credentials }) }, naming));
}

/** What the server answered, told apart by `status`. */
export type ProvisioningResponse = Response;

/** Checks an answer; with `deviceName`, the request's, an answer that names another device is refused. */
export function ProvisioningResponse(
  input: unknown,
  { deviceName }: { readonly deviceName?: string } = {},
): Checked<Written<ProvisioningResponse>> {
  const form = checkObject({ received_at: timestamp }, formOf(input), { unknownKeys: "ignored" });
  if (!form.ok) return form;
  const fields = isObject(input) ? formOf(input) : {};
  const named = deviceName ?? fields["device_name"];
  const success = fields["status"] === "SUCCESS";
  if (success && (typeof named !== "string" || named === "")) {
    return {
      ok: false,
      problems: [{ path: ["device_name"], found: describe(named, "described"), expected: "a device name" }],
    };
  }
  const answer = checkResponse(
    {
      status: fields["status"],
      deviceId: fields["device_id"],
      deviceName: fields["device_name"],
      credentialsType: fields["credentials_type"],
      credentialsValue: fields["access_token"] ?? {
        clientId: fields["client_id"],
        userName: fields["user_name"],
        password: fields["password"],
      },
      errorMessage: fields["error_message"],
      errorCode: fields["error_code"],
    },
    typeof named === "string" ? named : "",
    new Date(form.value.received_at),
  );
  return finished("code" in answer ? { ok: false, problems: [unbelieved(answer)] } : { ok: true, value: answer });
}

/** What `thermal_config.json` holds in the end. */
export type DeviceCredentials = Device;

/** Checks the credentials of a device. `use_ssl`, an addition of ours, is by its port where it is absent. */
export function DeviceCredentials(input: unknown): Checked<Written<DeviceCredentials>> {
  const entries = {
    ...{ device_id: v.optional(v.nullable(text), null), device_name: text, server_url: text },
    ...{ server_port: v.number("a port number, 1 to 65535"), use_ssl: v.optional(v.boolean("true or false")) },
    ...{ credentials_type: type, provisioned_at: timestamp, ...login },
  };
  const form = checkObject(entries, formOf(input), { secrets });
  if (!form.ok) return form;
  const { value } = form;
  const credentials = credentialsOf(value);
  if (credentials === undefined) return { ok: false, problems: [withoutLogin(value.credentials_type)] };
  return finished(
    checkDevice({
      deviceId: value.device_id,
      deviceName: value.device_name,
      credentials,
      host: value.server_url,
      serverPort: value.server_port,
      useSsl: value.use_ssl ?? value.server_port !== 1883,
      provisionedAt: new Date(value.provisioned_at),
    }),
  );
}

/** How far a provisioning is. */
export type ProvisioningStatus = Status;

/** Checks a status, as `provisioning_status.json` holds it. Keys of a newer version are ignored. */
export function ProvisioningStatus(input: unknown): Checked<Written<ProvisioningStatus>> {
  return finished(checkStatus(formOf(input)));
}

/** The specification's form of `input`, secrets in the clear: they are checked, too. */
function formOf(input: object): JsonObject;
function formOf(input: unknown): unknown;
function formOf(input: unknown): unknown {
  if (!isObject(input)) return input;
  const fields = Object.entries(specificationForm(input));
  return Object.fromEntries(fields.map(([key, value]) => [key, value instanceof Secret ? value.reveal() : value]));
}

/** A token is judged with the rest of what it is in; of a login by its parts there is none without one that can be used. */
function credentialsOf(value: JsonObject): Credentials | undefined {
  const { credentials_type: kind, access_token: token } = value;
  if (kind !== "ACCESS_TOKEN") return readCredentials(kind, value);
  return typeof token === "string" ? { type: kind, accessToken: new Secret(token) } : undefined;
}

/** What is wrong where the credentials of a kind cannot be used. */
const unusable: Readonly<Record<OwnType, Problem>> = {
  ACCESS_TOKEN: { path: ["access_token"], found: describe(undefined), expected: aText },
  MQTT_BASIC: {
    path: ["user_name"],
    found: "no login",
    expected: "a user name, perhaps with a password, or a client id",
  },
  X509_CERTIFICATE: {
    path: ["certificate_file"],
    found: "no certificate",
    expected: "the files of a certificate and its key",
  },
};

function withoutLogin(kind: string): Problem {
  const own = ownTypes.find((each) => each === kind);
  if (own !== undefined) return unusable[own];
  const expected = `one of ${ownTypes.join(", ")}`;
  return { path: ["credentials_type"], found: describe(kind, "described"), expected };
}

function unbelieved({ reason }: { readonly reason: string }): Problem {
  return { path: [], found: `an answer that cannot be used: ${reason}`, expected: "an answer of the specification" };
}

function finished<Entity extends object>(checked: Checked<Entity>): Checked<Written<Entity>> {
  return checked.ok ? { ok: true, value: written(checked.value) } : checked;
}
