import { randomText } from "../../base/randomness.ts";
import type { Server } from "../server/server.ts";
import { castNumber } from "../tenant/attributes.ts";
import { accessToken, mqttBasic, type StoredCredentials, x509Certificate } from "../tenant/credentials.ts";
import { NotUnique } from "../tenant/database.ts";
import type { AttributeScope, DeviceRecord, JsonValue } from "../tenant/device.ts";
import { tenantOf } from "../tenant/device-profile.ts";
import { jsonValues } from "../tenant/state.ts";
import { type HttpAnswer, type HttpRequest, json } from "./answer.ts";
import { apiError } from "./api-error.ts";
import { objectOf } from "./json-object.ts";
import { idOf, profileId, profilesOf } from "./profile-id.ts";

const notFound = "Requested item wasn't found!";
const scopes: Readonly<Record<string, AttributeScope>> = {
  SHARED_SCOPE: "shared",
  SERVER_SCOPE: "server",
  CLIENT_SCOPE: "client",
};
const suffix = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/** What an administrator who has logged in asks about devices (docs/thingsboard-protocol.md#rest-for-a-factory-station). */
export function tenantDevices(request: HttpRequest, server: Server): HttpAnswer | undefined {
  const { method, path, query } = request;
  const [, resource = "", id = "", part = ""] = /^\/api\/([A-Za-z-]+)(?:\/([^/]+))?(?:\/(.+))?$/.exec(path) ?? [];
  switch (`${method} ${resource}`) {
    case "POST device-with-credentials":
      return create(request, server);
    case "GET tenant":
      return id === "devices" ? found(query, server) : undefined;
    case "GET device":
      return part === "credentials" ? withDevice(id, server, credentials) : withDevice(id, server, deviceAnswer);
    case "DELETE device":
      return withDevice(id, server, (device) => remove(device, server));
    case "GET plugins":
      return id === "telemetry" ? readAttributes(part, query, server) : undefined;
    case "POST plugins":
      return id === "telemetry" ? writeAttributes(part, request.body, server) : undefined;
    case "GET usage":
      return json({ devices: devicesOf(server).length, maxDevices: server.deviceLimit ?? 0 });
    case "GET system":
      return id === "info"
        ? json({ version: server.version, artifact: "application", name: "ThingsBoard" })
        : undefined;
    default:
      return undefined;
  }
}

function devicesOf(server: Server): readonly DeviceRecord[] {
  const [first] = profilesOf(server);
  return [...server.database.devices].filter(({ tenant }) => first !== undefined && tenant === tenantOf(first));
}

function create({ body, query }: HttpRequest, server: Server): HttpAnswer {
  const asked = parse(body);
  if (asked === undefined) return apiError(server, 500, 2, "JSON parse error");
  const { device, credentials: wanted } = asked;
  const profiles = profilesOf(server);
  const wantedId = objectOf(device["deviceProfileId"])["id"];
  const profile = wantedId === undefined ? profiles[0] : profiles.find((each) => idOf(each) === wantedId);
  if (profile === undefined) return apiError(server, 400, 31, "Device is referencing to non-existent device profile!");
  const stored = storedCredentials(wanted);
  if (stored === undefined) return apiError(server, 400, 31, "Device credentials id should be specified!");
  // Said before the name is looked at.
  if (server.deviceLimit !== undefined && devicesOf(server).length >= server.deviceLimit) {
    return apiError(server, 403, 41, "Devices limit reached");
  }
  const name = String(device["name"] ?? "").trim();
  if (name === "") return apiError(server, 400, 31, "Device name should be specified!");
  const isTaken = server.database.byName(tenantOf(profile), name) !== undefined;
  const makesUnique = server.peculiarities.knowsNameConflictPolicy && query.get("nameConflictPolicy") === "UNIQUIFY";
  if (isTaken && !makesUnique) {
    return apiError(server, 400, 31, "Device with such name already exists!");
  }
  const free = isTaken ? `${name}_${randomText(server.randomness, suffix, 6)}` : name;
  const label = device["label"];
  try {
    const record = server.addDevice({
      profile,
      name: free,
      gateway: false,
      credentials: stored,
      ...(typeof label === "string" ? { label } : {}),
    });
    return deviceAnswer(record);
  } catch (error) {
    if (!(error instanceof NotUnique)) throw error;
    return apiError(server, 400, 31, "Device credentials are already assigned to another device!");
  }
}

function parse(body: string) {
  try {
    const value = objectOf(JSON.parse(body));
    return { device: objectOf(value["device"]), credentials: objectOf(value["credentials"]) };
  } catch {
    return undefined;
  }
}

function storedCredentials(wanted: Readonly<Record<string, unknown>>): StoredCredentials | undefined {
  const { credentialsType, credentialsId, credentialsValue } = wanted;
  switch (credentialsType) {
    case "MQTT_BASIC": {
      const { clientId, userName, password } = objectOf(JSON.parse(String(credentialsValue)));
      const text = (value: unknown) => (typeof value === "string" ? value : null);
      return mqttBasic({ clientId: text(clientId), userName: text(userName), password: text(password) });
    }
    case "X509_CERTIFICATE":
      return x509Certificate(String(credentialsValue));
    default:
      return typeof credentialsId === "string" && credentialsId !== "" ? accessToken(credentialsId) : undefined;
  }
}

/** One by its name, or a page of those of a profile. */
function found(query: URLSearchParams, server: Server): HttpAnswer {
  const name = query.get("deviceName");
  if (name !== null) return byName(name, server);
  const [size, number] = ["pageSize", "page"].map((name) => Number(query.get(name) ?? Number.NaN));
  if (size === undefined || number === undefined || !(size > 0) || !(number >= 0)) {
    return apiError(server, 400, 31, "Parameter conditions were not met for the request");
  }
  const type = query.get("type");
  const all = devicesOf(server).filter(({ profile }) => type === null || profile === type);
  const data = all.slice(size * number, size * (number + 1)).map(deviceBody);
  const totalPages = Math.ceil(all.length / size);
  return json({ data, totalPages, totalElements: all.length, hasNext: number + 1 < totalPages });
}

function byName(name: string, server: Server): HttpAnswer {
  const device = devicesOf(server).find((each) => each.name === name);
  return device === undefined ? apiError(server, 404, 32, notFound) : deviceAnswer(device);
}

function withDevice(id: string, server: Server, answer: (device: DeviceRecord) => HttpAnswer): HttpAnswer {
  const device = server.database.byId(id);
  return device === undefined ? apiError(server, 404, 32, notFound) : answer(device);
}

function deviceAnswer(device: DeviceRecord): HttpAnswer {
  return json(deviceBody(device));
}

function deviceBody({ id, name, profile: type, tenant, label, createdAt, gateway }: DeviceRecord) {
  return {
    id: { entityType: "DEVICE", id },
    createdTime: createdAt.getTime(),
    additionalInfo: gateway ? { gateway } : null,
    name,
    type,
    label: label ?? null,
    deviceProfileId: profileId(tenant, type),
  };
}

function credentials({ id, credentials: stored }: DeviceRecord): HttpAnswer {
  const { credentialsType, credentialsId } = stored;
  const value = "credentialsValue" in stored ? stored.credentialsValue : null;
  const credentialsValue = typeof value === "string" || value === null ? value : JSON.stringify(value);
  return json({ deviceId: { entityType: "DEVICE", id }, credentialsType, credentialsId, credentialsValue });
}

function remove(device: DeviceRecord, server: Server): HttpAnswer {
  server.removeDevice(device);
  return { status: 200, body: "" };
}

function writeAttributes(part: string, body: string, server: Server): HttpAnswer | undefined {
  const [, id = "", name = ""] = /^DEVICE\/([^/]+)\/(?:attributes\/)?(\w+)$/.exec(part) ?? [];
  const scope = scopes[name];
  if (scope === undefined || scope === "client") return undefined;
  const device = server.database.byId(id);
  if (device === undefined)
    return { status: 404, contentType: "text/plain", body: "Device with requested id wasn't found!" };
  const cast = server.peculiarities.castsWrittenAttributes;
  const values = Object.entries(jsonValues(objectOf(JSON.parse(body)))).map(([key, value]): [string, JsonValue] => [
    key,
    cast && typeof value === "string" ? castNumber(value) : value,
  ]);
  for (const [key, value] of values) device.attributes[scope].set(key, value);
  if (scope === "shared") server.sessions.pushAttributes(device, Object.fromEntries(values));
  return { status: 200, body: "" };
}

function readAttributes(part: string, query: URLSearchParams, server: Server): HttpAnswer | undefined {
  const [, id = "", name = ""] = /^DEVICE\/([^/]+)\/values\/attributes\/(\w+)$/.exec(part) ?? [];
  const scope = scopes[name];
  if (scope === undefined) return undefined;
  const keys = query.get("keys")?.split(",");
  return withDevice(id, server, ({ attributes, createdAt }) =>
    json(
      [...attributes[scope]]
        .filter(([key]) => keys === undefined || keys.includes(key))
        .map(([key, value]) => ({ lastUpdateTs: createdAt.getTime(), key, value })),
    ),
  );
}
