import { describe, expect, test } from "vitest";
import { causesOf } from "../../src/model/error-kind.ts";
import { errorTable } from "../../src/model/error-table.ts";
import { type ErrorCode, type ErrorKind, errorKind, ProvisioningError } from "../../src/model/errors.ts";
import { provisioningStates } from "../../src/model/provisioning-status.ts";
import { warning, warningTable } from "../../src/model/warnings.ts";

const kinds = Object.entries<ErrorKind>(errorTable);
const codes = kinds.map(([code]) => code);
const typeOf = (code: ErrorCode) => new ProvisioningError(code, "x").errorType;

test("specification, ProvisioningError: NETWORK: Connection, timeout, DNS resolution failures", () => {
  for (const code of [
    "CONNECTION_REFUSED",
    "CONNECTION_LOST",
    "CONNECT_TIMEOUT",
    "NO_ANSWER",
    "HOST_NOT_FOUND",
  ] as const) {
    expect(typeOf(code), code).toBe("NETWORK");
  }
});

test("specification, ProvisioningError: AUTH: Invalid credentials, expired tokens, permission issues", () => {
  for (const code of [
    "PROVISION_DATA_NOT_FOUND",
    "FORMER_CREDENTIALS_REFUSED",
    "CREDENTIALS_REFUSED",
    "PERMISSION_DENIED",
  ] as const) {
    expect(typeOf(code), code).toBe("AUTH");
  }
});

test("specification, ProvisioningError: VALIDATION: Malformed JSON, missing fields, invalid values", () => {
  for (const code of [
    "CREDENTIALS_FILE_INVALID",
    "CONFIG_FILE_INVALID",
    "REPLY_MALFORMED",
    "REPLY_INCOMPLETE",
  ] as const) {
    expect(typeOf(code), code).toBe("VALIDATION");
  }
});

test("specification, ProvisioningError: SERVER: ThingsBoard internal errors, maintenance mode, quota exceeded", () => {
  for (const code of [
    "SESSION_REFUSED",
    "CREDENTIALS_UNPROVEN",
    "DEVICE_REFUSED",
    "NAMES_REFUSED",
    "REFUSAL_UNCONFIRMED",
  ] as const) {
    expect(typeOf(code), code).toBe("SERVER");
  }
  expect(causesOf(errorKind("DEVICE_REFUSED")).join()).toContain("quota");
});

test("JSON.stringify gives the specification's fields, and no others", () => {
  const error = new ProvisioningError("NO_ANSWER", "nothing came", { cause: new Error("not to be told") });
  error.occurredAt = new Date("2025-10-23T14:30:00Z");
  expect(JSON.stringify(error)).toBe(
    '{"error_type":"NETWORK","error_code":"NO_ANSWER","error_message":"nothing came","is_retryable":true,' +
      '"retry_after_seconds":30,"occurred_at":"2025-10-23T14:30:00.000Z"}',
  );
  expect(JSON.stringify(new ProvisioningError("USAGE", "x"))).not.toContain("retry_after_seconds");
});

test("every error has one of the specification's types", () => {
  expect(new Set(kinds.map(([, { type }]) => type))).toEqual(new Set(["NETWORK", "AUTH", "VALIDATION", "SERVER"]));
});

describe.each(kinds)(
  "the row %s",
  (code, { retryAfterSeconds, state, exitStatus, meaning, causes, onTheDevice, onTheServer }) => {
    test("is named in capitals", () => {
      expect(code).toMatch(/^[A-Z]+(_[A-Z0-9]+)*$/);
    });

    test("tells an exit status that says whether to try again", () => {
      const mayPass = [74, 75].includes(exitStatus);
      expect(retryAfterSeconds !== "never").toBe(mayPass);
      if (retryAfterSeconds !== "never") expect(retryAfterSeconds).toBeGreaterThan(0);
    });

    test("ends in an error state, unless the run was stopped", () => {
      if (exitStatus === 130 || exitStatus === 143) expect(state).toBe("unchanged");
      else expect(provisioningStates.filter((each) => each.startsWith("FAILED_"))).toContain(state);
    });

    test("tells what it means, why, and what to do, in sentences", () => {
      expect(meaning).toMatch(/^\S.*\.$/s);
      expect(causes.length).toBeGreaterThan(0);
      expect(onTheDevice.length).toBeGreaterThan(0);
      for (const text of [...causesOf({ causes }), ...onTheDevice, ...onTheServer])
        expect(text).toMatch(/^\S.*[^.\s]$/s);
    });
  },
);

test("states and exit statuses fit together: 73 cannot write, 77 was refused by the server", () => {
  for (const [code, { state, exitStatus }] of kinds) {
    if (exitStatus === 73) expect(state, code).toBe("FAILED_UPDATE");
    if (exitStatus === 77) expect(state, code).toBe("FAILED_VALIDATION");
    if (state === "FAILED_TIMEOUT") expect(exitStatus, code).toBe(75);
  }
});

describe("an error", () => {
  const problem = {
    file: "provision.json",
    line: 3,
    column: 18,
    path: ["server_port"],
    found: "null",
    expected: "a port",
  };

  test("knows from its code what the table says", () => {
    const error = new ProvisioningError("NO_ANSWER", "the server did not answer");
    expect(error).toMatchObject({ errorType: "NETWORK", isRetryable: true, retryAfterSeconds: 30, exitStatus: 75 });
    expect(new ProvisioningError("TLS_UNTRUSTED", "x")).toMatchObject({ isRetryable: false, exitStatus: 78 });
    expect(new ProvisioningError("TLS_UNTRUSTED", "x").retryAfterSeconds).toBeUndefined();
  });

  test("tells every problem on a line of its own", () => {
    const error = new ProvisioningError("CREDENTIALS_FILE_INVALID", "provision.json cannot be used:", {
      problems: [problem, { ...problem, path: ["use_ssl"] }],
    });
    expect(error.message.split("\n")).toEqual([
      "provision.json cannot be used:",
      "  provision.json:3:18: server_port: found null, expected a port",
      "  provision.json:3:18: use_ssl: found null, expected a port",
    ]);
    expect(error.problems).toHaveLength(2);
  });

  test("keeps its cause, and its name for logs", () => {
    const cause = new Error("ECONNREFUSED");
    const error = new ProvisioningError("CONNECTION_REFUSED", "x", { cause });
    expect(error.cause).toBe(cause);
    expect(error.name).toBe("ProvisioningError");
    expect(error).toBeInstanceOf(Error);
  });

  test("is known across copies of the library, by its mark and not by its class", () => {
    expect(ProvisioningError.is(new ProvisioningError("USAGE", "x"))).toBe(true);
    expect(ProvisioningError.is({ [Symbol.for("thermal-provision.ProvisioningError")]: true })).toBe(true);
    for (const other of [new Error("x"), null, undefined, "USAGE", {}]) expect(ProvisioningError.is(other)).toBe(false);
  });

  test("of another kind is a mistake in this program, and stays the cause", () => {
    const mine = new ProvisioningError("USAGE", "x");
    expect(ProvisioningError.from(mine)).toBe(mine);
    const other = new TypeError("x is not a function");
    expect(ProvisioningError.from(other)).toMatchObject({ errorCode: "INTERNAL", cause: other, exitStatus: 70 });
    expect(ProvisioningError.from(other).message).not.toContain("function");
  });
});

test("codes are unique among errors; a warning may share the name of the error that --strict-files makes of it", () => {
  expect(new Set(codes).size).toBe(codes.length);
  const shared = Object.keys(warningTable).filter((code) => codes.includes(code));
  expect(shared).toEqual(["FILES_NOT_KEPT", "FILES_NOT_PRIVATE"]);
});

describe("a warning", () => {
  test.each(Object.entries(warningTable))("%s tells what was noticed and what to do", (code, { meaning, remedy }) => {
    expect(code).toMatch(/^[A-Z]+(_[A-Z0-9]+)*$/);
    expect(meaning).toMatch(/^\S.*\.$/);
    expect(remedy).not.toBe("");
  });

  test("may add what was found", () => {
    expect(warning("SHORT_TIMEOUT")).toEqual({ code: "SHORT_TIMEOUT", message: warningTable.SHORT_TIMEOUT.meaning });
    expect(warning("SHORT_TIMEOUT", "It is 5 s.").message).toBe(`${warningTable.SHORT_TIMEOUT.meaning} It is 5 s.`);
  });
});
