import type { Intent, Received } from "../../src/model/journal.ts";
import type { ConfigChange } from "../../src/model/thermal-config.ts";
import { token } from "../model/tokens.ts";

export const host = "eu.thingsboard.cloud";
export const attemptId = "6f1c2f3e-0000-4000-8000-000000000001";
export const now = new Date("2025-10-23T14:30:00Z");
export const nowInSeconds = 1_761_229_800;

export function intent(changes: Partial<Intent> = {}): Intent {
  return {
    number: 1,
    attemptId,
    host,
    deviceName: "thermal-camera-ABC123",
    credentials: token("the-secret-token"),
    replaces: null,
    newIdentity: false,
    body: null,
    knownInAdvance: false,
    createdAt: now,
    ...changes,
  };
}

export function received(changes: Partial<Received> = {}): Received {
  return {
    number: 1,
    attemptId,
    deviceName: "thermal-camera-ABC123",
    credentials: token("the-server-token"),
    deviceId: null,
    receivedAt: now,
    contradicts: null,
    ...changes,
  };
}

export const change: ConfigChange = {
  deviceId: null,
  deviceName: "thermal-camera-ABC123",
  credentials: token("the-secret-token"),
  host,
  serverPort: 1883,
  useSsl: false,
  provisionedAt: now,
  provisionedWith: "0123456789abcdef",
  attemptId,
};
