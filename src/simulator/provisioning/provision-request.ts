import { JsonSyntaxError, type LenientJson, NumberText, parseLenient } from "../encoding/lenient-json.ts";
import { type Field, messageOf, ProtobufError, readFields, textOf, varintOf } from "../encoding/protobuf.ts";

/** A provisioning request as the core gets it: what was absent is "" (docs/thingsboard-protocol.md#request-fields). */
export interface ProvisionRequest {
  readonly deviceName: string;
  readonly credentialsType: RequestedType;
  readonly token: string;
  readonly clientId: string;
  readonly userName: string;
  readonly password: string;
  readonly hash: string;
  readonly provisionDeviceKey: string;
  readonly provisionDeviceSecret: string;
  readonly gateway: boolean;
}

/** In the order of their protobuf numbers. */
const requestedTypes = ["ACCESS_TOKEN", "X509_CERTIFICATE", "MQTT_BASIC", "LWM2M_CREDENTIALS"] as const;
export type RequestedType = (typeof requestedTypes)[number];

/**
 * What the parser makes of a payload (docs/thingsboard-protocol.md#parsing-a-request). "runtime exception" is class R
 * and "adaptor exception" class A; they end differently for the client. `message` is what the HTTP API says of it.
 */
export type ParsedRequest =
  | { readonly result: "request"; readonly request: ProvisionRequest; readonly format: "JSON" | "protobuf" }
  | { readonly result: "runtime exception" | "adaptor exception"; readonly message: string };

/** Over MQTT: JSON, and what is not a JSON object is tried as protobuf. */
export function parseRequest(payload: Uint8Array): ParsedRequest {
  const parsed = parseJsonRequest(new TextDecoder("utf-8", { ignoreBOM: true }).decode(payload));
  return parsed === "no JSON object" ? parseProtobufRequest(payload) : parsed;
}

/** Over HTTP there is no second try. */
export function parseJsonRequest(text: string): ParsedRequest | "no JSON object" {
  let json: LenientJson;
  try {
    json = parseLenient(text);
  } catch (error) {
    if (error instanceof JsonSyntaxError) return "no JSON object";
    throw error;
  }
  if (!(json instanceof Map)) return "no JSON object";
  try {
    return { result: "request", request: requestOf(json, text), format: "JSON" };
  } catch (error) {
    if (error instanceof Refused) return { result: error.as, message: error.message };
    throw error;
  }
}

/** Ends the reading of a request as one of Java's exceptions would. */
class Refused extends Error {
  readonly as: "runtime exception" | "adaptor exception";
  constructor(as: "runtime exception" | "adaptor exception", message: string) {
    super(message);
    this.as = as;
  }
}

/** The fields are read in this order, so that the first mistake decides (JsonConverter `buildProvisionRequestMsg`). */
function requestOf(json: ReadonlyMap<string, LenientJson>, text: string): ProvisionRequest {
  const optional = (name: string) => (json.has(name) ? textFrom(json.get(name)) : "");
  const required = (name: string) => {
    if (!json.has(name)) {
      throw new Refused("runtime exception", `Failed to find the field ${name} in JSON body ${text}!`);
    }
    return textFrom(json.get(name));
  };
  return {
    deviceName: optional("deviceName"),
    credentialsType: json.has("credentialsType") ? typeFrom(textFrom(json.get("credentialsType"))) : "ACCESS_TOKEN",
    token: optional("token"),
    clientId: optional("clientId"),
    userName: optional("username"),
    password: optional("password"),
    hash: optional("hash"),
    provisionDeviceKey: required("provisionDeviceKey"),
    provisionDeviceSecret: required("provisionDeviceSecret"),
    gateway: json.has("gateway") && textFrom(json.get("gateway")).toLowerCase() === "true",
  };
}

/** Gson's `getAsString`: numbers and booleans as their text, an array of one as its element. */
function textFrom(value: LenientJson | undefined): string {
  if (typeof value === "string") return value;
  if (typeof value === "boolean") return String(value);
  if (value instanceof NumberText) return value.text;
  if (Array.isArray(value)) {
    if (value.length === 1) return textFrom(value[0]);
    throw new Refused("adaptor exception", `Array must have size 1, but has size ${value.length}`);
  }
  throw new Refused("runtime exception", value instanceof Map ? "JsonObject" : "JsonNull");
}

function typeFrom(text: string): RequestedType {
  const known = requestedTypes.find((type) => type === text);
  if (known !== undefined) return known;
  const name = "org.thingsboard.server.gen.transport.TransportProtos.CredentialsType";
  throw new Refused("runtime exception", `No enum constant ${name}.${text}`);
}

function parseProtobufRequest(payload: Uint8Array): ParsedRequest {
  try {
    return { result: "request", request: requestOfFields(readFields(payload)), format: "protobuf" };
  } catch (error) {
    if (error instanceof ProtobufError) return { result: "adaptor exception", message: error.message };
    throw error;
  }
}

function requestOfFields(fields: readonly Field[]): ProvisionRequest {
  const provisioning = messageOf(fields, 3);
  const data = messageOf(fields, 4);
  const basic = messageOf(data, 3);
  return {
    deviceName: textOf(fields, 1),
    credentialsType: requestedTypes[Number(varintOf(fields, 2))] ?? "ACCESS_TOKEN",
    token: textOf(messageOf(data, 1), 1),
    clientId: textOf(basic, 1),
    userName: textOf(basic, 2),
    password: textOf(basic, 3),
    hash: textOf(messageOf(data, 2), 1),
    provisionDeviceKey: textOf(provisioning, 1),
    provisionDeviceSecret: textOf(provisioning, 2),
    gateway: varintOf(fields, 5) !== 0n,
  };
}
