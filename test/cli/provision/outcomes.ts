import { ProvisioningError } from "../../../src/model/errors.ts";
import type { Outcome } from "../../../src/model/outcome.ts";
import type { ProvisioningStatus } from "../../../src/model/provisioning-status.ts";
import { token as tokenCredentials } from "../../model/tokens.ts";

/** Outcomes as a run gives them; times are fixed, so that what is made of them can be pinned. */
export const token = "TokenThatNobodyMaySee0123456789x";

export const status: ProvisioningStatus = {
  currentState: "COMPLETED",
  startedAt: new Date("2026-01-02T03:04:05.678Z"),
  roundStartedAt: new Date("2026-01-02T03:04:05.678Z"),
  completedAt: new Date("2026-01-02T03:04:06.789Z"),
  errorCount: 0,
  deviceName: "thermal-camera-ABC123",
  correlationId: "11111111-2222-4333-8444-555555555555",
};

const credentials = {
  deviceId: "99999999-2222-4333-8444-555555555555",
  deviceName: "thermal-camera-ABC123",
  credentials: tokenCredentials(token),
  host: "tb.example.org",
  serverPort: 8883,
  useSsl: true,
  provisionedAt: new Date("2026-01-02T03:04:06.000Z"),
} as const;

export const provisioned = {
  result: "provisioned",
  exitStatus: 0,
  status,
  warnings: [],
  credentials,
  configuration: { path: "/camera/thermal_config.json", isNew: false },
} as const satisfies Outcome;

export const alreadyProvisioned: Outcome = {
  result: "already_provisioned",
  exitStatus: 0,
  status,
  warnings: [],
  credentials: { ...credentials, deviceId: null, host: "fe80::1", serverPort: 1883, useSsl: false },
};

export const nothingToDo = {
  result: "nothing_to_do",
  exitStatus: 0,
  status,
  warnings: [],
  camera: {
    directory: "/camera",
    state: "provisioned",
    device: {
      deviceName: "thermal-camera-ABC123",
      deviceId: "99999999-2222-4333-8444-555555555555",
      host: "tb.example.org",
      serverPort: 8883,
      useSsl: true,
      provisionedAt: new Date("2026-01-02T03:04:06.000Z"),
      attemptId: "11111111-2222-4333-8444-555555555555",
      body: null,
    },
    missing: ["provision.txt"],
    misnamedTrigger: undefined,
  },
} as const satisfies Outcome;

export function failed(error: ProvisioningError, changes: Partial<ProvisioningStatus> = {}): Outcome {
  error.occurredAt = new Date("2026-01-02T03:04:06.500Z");
  const { exitStatus } = error;
  return { result: "failed", exitStatus, status: { ...status, ...changes }, warnings: [], error };
}

export const invalid = failed(
  new ProvisioningError("CREDENTIALS_FILE_INVALID", "provision.json in /camera cannot be used:", {
    problems: [
      {
        file: "provision.json",
        line: 3,
        column: 18,
        path: ["server_port"],
        found: 'the text "1883"',
        expected: "a port number, 1 to 65535",
      },
    ],
  }),
  { currentState: "FAILED_CONFIG", deviceName: "" },
);

export const refused = failed(
  new ProvisioningError("CONNECTION_REFUSED", "tb.example.org:8883: nothing listens there"),
  { currentState: "FAILED_CONNECTION", errorCount: 3, lastError: "CONNECTION_REFUSED: nothing listens there" },
);

export const interrupted = failed(
  new ProvisioningError("INTERRUPTED", "stopped by SIGINT; the next run goes on where this one stopped"),
  { currentState: "WAITING_RESPONSE" },
);
