import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  advance,
  idle,
  isFinal,
  type ProvisioningState,
  ProvisioningStatus,
  provisioningStates,
  transitions,
} from "../../src/model/provisioning-status.ts";
import { accepted, inWords, moment } from "./examples.ts";

const correlationId = "7a9e5b60-2f0c-4a54-9f0e-0d6c5b8c8f11";
const json = {
  current_state: "CONNECTING",
  started_at: "2025-10-23T14:30:00Z",
  error_count: 1,
  last_error: "NO_ANSWER: the server did not answer",
  device_name: "thermal-camera-ABC123",
  correlation_id: correlationId,
};
const check = (changes: object) => ProvisioningStatus({ ...json, ...changes });
const at = (state: ProvisioningState) => ({ ...idle(moment, correlationId), currentState: state });

/** The specification's line, word for word. */
const line = [
  "IDLE",
  "DETECTING_FILES",
  "LOADING_CONFIG",
  "CONNECTING",
  "SENDING_REQUEST",
  "WAITING_RESPONSE",
  "VALIDATING_RESPONSE",
  "UPDATING_CONFIG",
  "COMPLETED",
] as const;
const failures = [
  "FAILED_CONFIG",
  "FAILED_CONNECTION",
  "FAILED_TIMEOUT",
  "FAILED_VALIDATION",
  "FAILED_UPDATE",
] as const;

test("specification, ProvisioningStatus: current_state must be valid enum value", () => {
  for (const state of provisioningStates) expect(accepted(check({ current_state: state })).currentState).toBe(state);
  for (const current_state of ["idle", "DONE", "", "constructor", 1, null, undefined]) {
    expect(inWords(check({ current_state })).join(), String(current_state)).toMatch(
      /^current_state: found .+, expected one of IDLE, .+, FAILED_UPDATE$/,
    );
  }
});

test("specification, ProvisioningStatus: started_at must be valid timestamp", () => {
  expect(accepted(check({})).startedAt).toEqual(moment);
  for (const started_at of ["yesterday", "", "2025-10-23", "2025-13-01T00:00:00Z", 1_698_069_000, null, undefined]) {
    expect(inWords(check({ started_at })).join(), String(started_at)).toMatch(
      /^started_at: found .+, expected a moment such as 2025-10-23T14:30:00Z$/,
    );
  }
});

test("specification, ProvisioningStatus: error_count must be non-negative integer", () => {
  for (const error_count of [0, 1, 1000]) expect(accepted(check({ error_count })).errorCount).toBe(error_count);
  for (const error_count of [-1, 0.5, Number.POSITIVE_INFINITY, "0", null, undefined]) {
    expect(inWords(check({ error_count })).join(), String(error_count)).toMatch(
      /^error_count: found .+, expected a whole number, 0 or more$/,
    );
  }
});

test("specification, ProvisioningStatus: correlation_id must be unique identifier", () => {
  expect(accepted(check({})).correlationId).toBe(correlationId);
  for (const correlation_id of ["", "1", "attempt", 5, null, undefined]) {
    expect(inWords(check({ correlation_id })).join(), String(correlation_id)).toMatch(
      /^correlation_id: found .+, expected a UUID$/,
    );
  }
});

test("completed_at and last_error may be absent, and are checked where they are there", () => {
  const { last_error: _, ...brief } = json;
  expect(Object.keys(accepted(ProvisioningStatus(brief)))).not.toContain("lastError");
  expect(accepted(check({ completed_at: "2025-10-23T14:30:05Z" })).completedAt).toEqual(
    new Date("2025-10-23T14:30:05Z"),
  );
  expect(inWords(check({ completed_at: "soon", last_error: 5, device_name: null }))).toHaveLength(3);
});

test("keys of a newer version are ignored", () => {
  expect(accepted(check({ next_retry_at: "x" }))).toEqual(accepted(check({})));
});

describe("specification, ProvisioningStatus: state transitions", () => {
  test("specification, ProvisioningStatus: the line from IDLE to COMPLETED can be walked", () => {
    let status = idle(moment, correlationId);
    for (const state of line.slice(1)) status = advance(status, state);
    expect(status).toEqual({ ...idle(moment, correlationId), currentState: "COMPLETED" });
  });

  test("specification, ProvisioningStatus: the states are these, and no others", () => {
    expect(provisioningStates).toEqual([...line, ...failures]);
  });

  test("specification, ProvisioningStatus: every error state can be reached, from every state of the work", () => {
    for (const state of line.slice(1, -1)) {
      for (const failure of failures) expect(advance(at(state), failure).currentState).toBe(failure);
    }
  });

  /** Besides the specification's line and the error states. */
  const others: readonly (readonly [from: ProvisioningState, to: ProvisioningState, why: string])[] = [
    ["DETECTING_FILES", "COMPLETED", "nothing is left to do, and the camera is provisioned"],
    ["DETECTING_FILES", "IDLE", "nothing is left to do, and the camera is not provisioned"],
    ["DETECTING_FILES", "UPDATING_CONFIG", "only the tidying is left"],
    ["LOADING_CONFIG", "UPDATING_CONFIG", "a journal says how far it got"],
    ["CONNECTING", "VALIDATING_RESPONSE", "a probe without a request"],
    ["CONNECTING", "CONNECTING", "the next candidate, or a connection that failed"],
    ["CONNECTING", "UPDATING_CONFIG", "another run has done the work meanwhile"],
    ["SENDING_REQUEST", "CONNECTING", "the connection ended: a retry"],
    ["WAITING_RESPONSE", "CONNECTING", "no answer: a retry"],
    ["VALIDATING_RESPONSE", "CONNECTING", "the answer is not the end: a retry"],
    ["VALIDATING_RESPONSE", "COMPLETED", "already provisioned"],
  ];
  const legal = new Set([
    ...line.slice(1).map((to, index) => `${line[index]} -> ${to}`),
    ...line.slice(1, -1).flatMap((from) => failures.map((to) => `${from} -> ${to}`)),
    ...others.map(([from, to]) => `${from} -> ${to}`),
  ]);
  const pairs = provisioningStates.flatMap((from) => provisioningStates.map((to) => ({ from, to })));

  test.each(pairs.filter(({ from, to }) => legal.has(`${from} -> ${to}`)))("$from leads to $to", ({ from, to }) => {
    expect(advance(at(from), to).currentState).toBe(to);
  });

  test.each(pairs.filter(({ from, to }) => !legal.has(`${from} -> ${to}`)))(
    "$from never leads to $to",
    ({ from, to }) => {
      expect(() => advance(at(from), to)).toThrow(`no transition from ${from} to ${to}`);
    },
  );

  test("a run ends in COMPLETED or in an error state, and nowhere else", () => {
    expect(provisioningStates.filter(isFinal)).toEqual(["COMPLETED", ...failures]);
  });

  test("whatever moves are made, there is a way to COMPLETED until the end", () => {
    const choices = fc.array(fc.nat(), { maxLength: 30 });
    fc.assert(
      fc.property(choices, (moves) => {
        let state: ProvisioningState = "IDLE";
        for (const move of moves) {
          const next: readonly ProvisioningState[] = transitions[state];
          state = next[move % Math.max(1, next.length)] ?? state;
        }
        expect(isFinal(state) || reaches(state, "COMPLETED")).toBe(true);
      }),
    );
  });
});

test("a move keeps what it does not change", () => {
  const before = { ...at("CONNECTING"), deviceName: "cam", errorCount: 2 };
  const after = advance(before, "FAILED_TIMEOUT", { lastError: "NO_ANSWER: none", completedAt: moment });
  expect(after).toEqual({
    ...before,
    currentState: "FAILED_TIMEOUT",
    lastError: "NO_ANSWER: none",
    completedAt: moment,
  });
  expect(before.currentState).toBe("CONNECTING");
});

function reaches(from: ProvisioningState, goal: ProvisioningState): boolean {
  const seen = new Set<ProvisioningState>([from]);
  for (const state of seen) for (const next of transitions[state]) seen.add(next);
  return seen.has(goal);
}
