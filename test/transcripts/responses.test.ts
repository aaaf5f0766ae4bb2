import { describe, expect, it } from "vitest";
import { textsOf } from "../../src/model/credentials.ts";
import type { ProvisioningResponse } from "../../src/model/provisioning-response.ts";
import { decodeResponse } from "../../src/wire/provision-response.ts";
import { committedRecordings, recordedVersions } from "./data.ts";

const now = new Date("2026-01-01T00:00:00Z");

/** The payloads of every PUBLISH to /provision/response in a recording of MQTT 3.1.1. */
function answers(packets: readonly (readonly unknown[])[]): readonly Buffer[] {
  return packets.flatMap(([way, , , , hex]) => {
    if (way !== "<" || typeof hex !== "string") return [];
    const bytes = Buffer.from(hex, "hex");
    const qos = (bytes.readUInt8(0) >> 1) & 3;
    if (bytes.readUInt8(0) >> 4 !== 3) return [];
    const header = bytes.readUInt8(1) < 128 ? 2 : 3;
    const topic = bytes.readUInt16BE(header);
    if (bytes.toString("utf8", header + 2, header + 2 + topic) !== "/provision/response") return [];
    return [bytes.subarray(header + 2 + topic + (qos > 0 ? 2 : 0))];
  });
}

/** What wire/ makes of an answer, in a word. */
function verdict(payload: Buffer): string {
  const response = decodeResponse(payload, "any name", now);
  if ("code" in response) return response.code;
  return response.status === "SUCCESS" ? Object.values(textsOf(response.credentials)).join() : word(response);
}

function word(response: Extract<ProvisioningResponse, { status: "FAILURE" }>): string {
  return `${response.errorCode}: ${response.errorMessage}`;
}

/** The same from the text alone, by the forms of docs/thingsboard-protocol.md#response-bodies, and nothing else. */
function expected(payload: Buffer): string {
  const text = payload.toString("utf8");
  if (text === '{"errorMsg":"Failed to provision device!","status":"FAILURE"}')
    return "FAILURE: Failed to provision device!";
  if (text === '{"errorMsg":"Provision data was not found!","status":"NOT_FOUND"}')
    return "NOT_FOUND: Provision data was not found!";
  if (!text.startsWith("{")) return "REPLY_MALFORMED";
  const basic =
    /"credentialsValue":\{"clientId":(.*),"userName":(.*),"password":(.*)\},"credentialsType":"MQTT_BASIC"/.exec(text);
  if (basic !== null) {
    const [clientId, userName, password] = basic.slice(1).map((part) => (part === "null" ? "" : part.slice(1, -1)));
    if (!userName && (!clientId || password)) return "REPLY_INCOMPLETE";
    return [clientId, userName, password].filter((part) => part !== "").join();
  }
  const token = /^\{"credentialsValue":"(.*)","credentialsType":"ACCESS_TOKEN","status":"SUCCESS"\}$/.exec(text)?.[1];
  if (token === undefined) return "CREDENTIALS_TYPE_UNSUPPORTED";
  return /\\[a-z]/.test(token) ? "REPLY_INCOMPLETE" : token;
}

describe.each(recordedVersions())("every answer that a real server of version %s gave over MQTT 3.1.1", (version) => {
  const recorded = committedRecordings(version).flatMap((recording) =>
    "packets" in recording && recording.connections.every(([, level]) => level === "3.1.1")
      ? answers(recording.packets).map((payload) => [recording.case, payload] as const)
      : [],
  );

  it("is there to be read", () => {
    expect(recorded.length).toBeGreaterThan(100);
  });

  it.each(recorded)("%s", (_, payload) => {
    expect(verdict(payload)).toBe(expected(payload));
  });
});
