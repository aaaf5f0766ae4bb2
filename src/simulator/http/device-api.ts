import { JsonSyntaxError, parseLenient } from "../encoding/lenient-json.ts";
import { type ParsedRequest, parseJsonRequest } from "../provisioning/provision-request.ts";
import { jsonResponse } from "../provisioning/provision-response.ts";
import { ProvisioningService } from "../provisioning/provisioning-service.ts";
import type { Server } from "../server/server.ts";
import {
  attributesAnswer,
  keysOfJson,
  payloadJson,
  plainJson,
  selectAttributes,
  storedValues,
  telemetryMessages,
} from "../tenant/attributes.ts";
import type { DeviceRecord } from "../tenant/device.ts";
import type { HttpAnswer, HttpRequest } from "./answer.ts";

/**
 * The HTTP device API as far as devices use it to provision themselves and to prove it
 * (docs/thingsboard-protocol.md#http).
 */
export async function deviceApi(request: HttpRequest, server: Server): Promise<HttpAnswer | undefined> {
  if (request.path === "/api/v1/provision") return provision(request, server);
  const [, token, resource] = /^\/api\/v1\/([^/]+)\/(telemetry|attributes)$/.exec(request.path) ?? [];
  if (token === undefined || resource === undefined) return undefined;
  const device = server.database.byCredentialsId(decodeURIComponent(token));
  if (device?.credentials.credentialsType !== "ACCESS_TOKEN" || device.blocked) return { status: 401, body: "" };
  if (request.method === "GET" && resource === "attributes") return attributes(request.query, device);
  if (request.method !== "POST") return notSupported(request.method, server);
  return store(request.body, device, resource, server);
}

async function provision(request: HttpRequest, server: Server): Promise<HttpAnswer> {
  if (request.method !== "POST") return notSupported(request.method, server);
  if (request.body === "") return clientError(400, missingBody, server);
  const parsed = parseJsonRequest(request.body);
  if (parsed === "no JSON object" || parsed.result !== "request")
    return internalError(reasonOf(parsed, request.body), server);
  const provisioning = new ProvisioningService(server);
  const examined = provisioning.examine(parsed.request);
  if (examined.act === "nothing") {
    await server.sleepUntilSweep();
    return { status: 500, body: "" };
  }
  await server.wait("request");
  const body = jsonResponse(await provisioning.carryOut(examined, parsed.request));
  return {
    status: 200,
    contentType: wantsJson(request.accept) ? "application/json" : "text/plain;charset=UTF-8",
    body,
  };
}

/** Spring sends what is accepted; nothing, or anything, means its own first choice: plain text. */
function wantsJson(accept: string | undefined): boolean {
  return accept?.includes("application/json") ?? false;
}

function reasonOf(parsed: ParsedRequest | "no JSON object", body: string): string {
  if (parsed !== "no JSON object") return parsed.result === "request" ? "" : parsed.message;
  try {
    return `Can't parse value: ${JSON.stringify(plainJson(parseLenient(body)))}`;
  } catch (error) {
    if (error instanceof JsonSyntaxError) return `com.google.gson.stream.MalformedJsonException: ${error.message}`;
    throw error;
  }
}

function attributes(query: URLSearchParams, device: DeviceRecord): HttpAnswer {
  const keys = ["clientKeys", "sharedKeys"].flatMap((name) => {
    const value = query.get(name);
    return value === null ? [] : [[name, value] as const];
  });
  return {
    status: 200,
    contentType: "application/json",
    body: attributesAnswer(selectAttributes(device, keysOfJson(new Map(keys)))),
  };
}

function store(body: string, device: DeviceRecord, resource: string, server: Server): HttpAnswer {
  try {
    const read = payloadJson(Buffer.from(body));
    const messages = resource === "telemetry" ? telemetryMessages(read) : [storedValues(read)];
    const place = resource === "telemetry" ? device.telemetry : device.attributes.client;
    for (const [key, value] of messages.flatMap((message) => [...message])) place.set(key, value);
    return { status: 200, body: "" };
  } catch (error) {
    if (error instanceof Error) return internalError(error.message, server);
    throw error;
  }
}

const missingBody =
  "Required request body is missing: public org.springframework.web.context.request.async.DeferredResult" +
  "<org.springframework.http.ResponseEntity> org.thingsboard.server.transport.http.DeviceApiController" +
  ".provisionDevice(java.lang.String)";

function notSupported(method: string, server: Server): HttpAnswer {
  return clientError(405, `Request method '${method}' is not supported`, server);
}

/** Errors of the web layer; their keys have another order since 4.3. */
function clientError(status: number, message: string, { clock, peculiarities }: Server): HttpAnswer {
  const rest = { timestamp: clock.now().getTime() };
  const body = peculiarities.putsStatusLast
    ? { message, errorCode: 31, status, ...rest }
    : { status, message, errorCode: 31, ...rest };
  return { status, contentType: "application/json", body: JSON.stringify(body) };
}

/**
 * Errors of the transport. For a missing field the message repeats the request, secret included, as the server does.
 */
function internalError(message: string, { clock }: Server): HttpAnswer {
  const body = JSON.stringify({ status: 500, message, errorCode: 2, timestamp: clock.now().getTime() });
  return { status: 500, contentType: "application/json;charset=ISO-8859-1", body };
}
