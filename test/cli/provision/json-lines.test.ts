import { expect, test } from "vitest";
import { seconds } from "../../../src/base/duration.ts";
import { jsonLines } from "../../../src/cli/provision/json-lines.ts";
import type { Printer } from "../../../src/cli/provision/printer.ts";
import { errorKind, ProvisioningError } from "../../../src/model/errors.ts";
import { recordedIo } from "../recorded-io.ts";
import { alreadyProvisioned, failed, invalid, nothingToDo, provisioned, status, token } from "./outcomes.ts";

function printed(act: (printer: Printer) => void): string {
  const record = recordedIo();
  act(jsonLines(record.io));
  return record.out;
}

test("a status is the specification's ProvisioningStatus", () => {
  const waiting = {
    ...status,
    currentState: "WAITING_RESPONSE",
    errorCount: 1,
    lastError: "NO_ANSWER: silence",
  } as const;
  expect(printed((printer) => printer.status(waiting))).toBe(
    '{"type":"status","current_state":"WAITING_RESPONSE","started_at":"2026-01-02T03:04:05.678Z","round_started_at":"2026-01-02T03:04:05.678Z",' +
      '"completed_at":"2026-01-02T03:04:06.789Z","error_count":1,"last_error":"NO_ANSWER: silence",' +
      '"device_name":"thermal-camera-ABC123","correlation_id":"11111111-2222-4333-8444-555555555555"}\n',
  );
});

test("a warning has a code and a message", () => {
  expect(printed((printer) => printer.warning({ code: "PLAIN_TEXT", message: "not encrypted" }))).toBe(
    '{"type":"warning","code":"PLAIN_TEXT","message":"not encrypted"}\n',
  );
});

test("a retry says how long it waits, and why", () => {
  const retry = { wait: seconds(1.5), because: "NO_ANSWER", message: "silence" } as const;
  expect(printed((printer) => printer.retry(retry))).toBe(
    '{"type":"retry","wait_seconds":1.5,"error_code":"NO_ANSWER","error_message":"silence"}\n',
  );
});

const statusJson =
  '"status":{"current_state":"COMPLETED","started_at":"2026-01-02T03:04:05.678Z","round_started_at":"2026-01-02T03:04:05.678Z",' +
  '"completed_at":"2026-01-02T03:04:06.789Z","error_count":0,"device_name":"thermal-camera-ABC123",' +
  '"correlation_id":"11111111-2222-4333-8444-555555555555"}';

test("the outcome of a success has the credentials without the token", () => {
  const line = printed((printer) => printer.outcome(provisioned));
  expect(line).toBe(
    `{"type":"outcome","result":"provisioned","exit_status":0,${statusJson},` +
      '"credentials":{"device_id":"99999999-2222-4333-8444-555555555555","device_name":"thermal-camera-ABC123",' +
      '"server_url":"tb.example.org","server_port":8883,"use_ssl":true,"credentials_type":"ACCESS_TOKEN",' +
      '"provisioned_at":"2026-01-02T03:04:06.000Z"},' +
      '"configuration":{"path":"/camera/thermal_config.json","is_new":false}}\n',
  );
  expect(line).not.toContain(token);
});

test("a device id that nobody told is null", () => {
  const line: unknown = JSON.parse(printed((printer) => printer.outcome(alreadyProvisioned)));
  expect(line).toMatchObject({ result: "already_provisioned", credentials: { device_id: null } });
});

test("nothing to do is an outcome without credentials and without an error", () => {
  const line: unknown = JSON.parse(printed((printer) => printer.outcome(nothingToDo)));
  expect(Object.keys(Object(line))).toEqual(["type", "result", "exit_status", "status", "camera"]);
});

test("the outcome of a failure has the specification's ProvisioningError and every problem", () => {
  const line: unknown = JSON.parse(printed((printer) => printer.outcome(invalid)));
  expect(line).toMatchObject({
    type: "outcome",
    result: "failed",
    exit_status: 78,
    error: {
      error_type: "VALIDATION",
      error_code: "CREDENTIALS_FILE_INVALID",
      error_message:
        "provision.json in /camera cannot be used:\n" +
        '  provision.json:3:18: server_port: found the text "1883", expected a port number, 1 to 65535',
      is_retryable: false,
      occurred_at: "2026-01-02T03:04:06.500Z",
      problems: [{ file: "provision.json", line: 3, column: 18, path: ["server_port"] }],
    },
  });
});

test("the outcome of a failure says what can be done about it", () => {
  const { causes, onTheDevice } = errorKind("CREDENTIALS_FILE_INVALID");
  expect(JSON.parse(printed((printer) => printer.outcome(invalid)))).toMatchObject({
    error: { causes, on_the_device: onTheDevice, on_the_server: [] },
  });
});

test("`retry_after_seconds` is there where another run is worth its while, and only there", () => {
  const errorOf = (line: unknown) => Object(line).error;
  const passing: unknown = JSON.parse(
    printed((printer) => printer.outcome(failed(new ProvisioningError("LOCKED", "")))),
  );
  const hopeless: unknown = JSON.parse(printed((printer) => printer.outcome(invalid)));
  expect(errorOf(passing)).toHaveProperty("retry_after_seconds", 5);
  expect(errorOf(hopeless)).not.toHaveProperty("retry_after_seconds");
});
