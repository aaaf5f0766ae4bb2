import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  decodeIntent,
  decodeReceived,
  encodeIntent,
  encodeReceived,
} from "../../../src/files/journal/journal-records.ts";
import { decodeRecord, encodeRecord } from "../../../src/files/journal/records.ts";
import { token, tokenOf } from "../../model/tokens.ts";
import { host, intent, received } from "../sample.ts";

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const bytes = (content: string) => new TextEncoder().encode(content);

describe("a record of the journal", () => {
  it("is one line of JSON with its version and the hash of its body", () => {
    expect(text(encodeIntent(intent()))).toBe(
      '{"version":1,"sha256":"a9da5a0d9c76e30f3b4802f2be086da6f9dd9597b3872b67cd8dc96d8273c280","body":{"number":1,' +
        '"attempt_id":"6f1c2f3e-0000-4000-8000-000000000001","server":"eu.thingsboard.cloud",' +
        '"device_name":"thermal-camera-ABC123","token":"the-secret-token","replaces":null,"new_identity":false,' +
        '"created_at":"2025-10-23T14:30:00.000Z","sending_is_recorded":true}}\n',
    );
  });

  it("comes back as it was, whatever it holds", () => {
    const second = intent({ number: 2, replaces: "abcd", newIdentity: true, deviceName: 'ä "b" \\ \u{1f4f7}' });
    expect(decodeIntent(encodeIntent(second))).toEqual({
      kind: "value",
      value: { ...second, sendingIsRecorded: true },
    });
    const first = decodeIntent(encodeIntent(intent()));
    expect(first.kind === "value" && tokenOf(first.value.credentials)).toBe("the-secret-token");
    const answer = received({ deviceId: "550e8400-e29b-41d4-a716-446655440000" });
    expect(decodeReceived(encodeReceived(answer, host))).toEqual({ kind: "value", value: { ...answer, host } });
    const token = decodeReceived(encodeReceived(answer, host));
    expect(token.kind === "value" && tokenOf(token.value.credentials)).toBe("the-server-token");
  });

  it("may be followed by blanks, as in the reserved room", () => {
    expect(decodeRecord(bytes(`${text(encodeRecord({ a: 1 }))}${" ".repeat(4000)}`))).toEqual({
      kind: "body",
      body: { a: 1 },
    });
  });

  it("is incomplete when it was not written to its end", () => {
    const whole = encodeIntent(intent());
    for (let length = 0; length < whole.byteLength - 1; length++) {
      expect(decodeIntent(whole.subarray(0, length))).toEqual({ kind: "incomplete" });
      const zeroed = new Uint8Array(whole.byteLength);
      zeroed.set(whole.subarray(0, length));
      expect(decodeIntent(zeroed)).toEqual({ kind: "incomplete" });
    }
    const foreign = encodeIntent(intent({ deviceName: "Küche €" }));
    for (let length = 0; length < foreign.byteLength - 1; length++) {
      expect(decodeIntent(foreign.subarray(0, length))).toEqual({ kind: "incomplete" });
    }
  });

  it("is incomplete also when two braces stand in a name somewhere before the cut", () => {
    const whole = text(encodeRecord({ name: "a}}bc" }));
    expect(decodeRecord(bytes(whole.slice(0, whole.indexOf("}}bc") + 4)))).toEqual({ kind: "incomplete" });
  });

  it("is damaged when bytes that are no text stand in the place of the sign for them", () => {
    const whole = encodeRecord({ name: "\u{fffd}" });
    const at = whole.indexOf(0xef);
    const damaged = Uint8Array.from([...whole.subarray(0, at), 0xff, ...whole.subarray(at + 3)]);
    expect(decodeRecord(damaged)).toEqual({ kind: "damaged" });
  });

  it("is whole when only the blanks behind it are missing, or its line end", () => {
    const whole = encodeIntent(intent());
    const shorter = whole.subarray(0, -1);
    const zeroed = Uint8Array.from([...shorter, 0, 0]);
    const written = { ...intent(), sendingIsRecorded: true };
    for (const each of [shorter, zeroed]) expect(decodeIntent(each)).toEqual({ kind: "value", value: written });
  });

  it("is damaged, and never taken for another or for one that was not written, when any byte of it changes", () => {
    const whole = encodeIntent(intent());
    fc.assert(
      fc.property(fc.nat(whole.byteLength - 1), fc.integer({ min: 1, max: 255 }), (at, difference) => {
        const flipped = Uint8Array.from(whole, (byte, index) => (index === at ? byte ^ difference : byte));
        const decoded = decodeIntent(flipped);
        if (decoded.kind === "value") expect(decoded.value).toEqual({ ...intent(), sendingIsRecorded: true });
        else if (decoded.kind !== "newer") expect(decoded.kind).toBe("damaged");
      }),
      { numRuns: 2000 },
    );
  });

  it("is damaged when a part of it reads as zeros, and it goes on behind them", () => {
    const whole = encodeIntent(intent());
    for (let at = 0; at < whole.byteLength - 10; at += 7) {
      expect(decodeIntent(Uint8Array.from(whole).fill(0, at, at + 8))).toEqual({ kind: "damaged" });
    }
  });

  it("is damaged when it is anything else", () => {
    for (const other of ["null", "7", "[]", '"text"', "notes", "{}}", '{"version":1,"sha256":"0",\n']) {
      expect(decodeRecord(bytes(other)).kind).toBe("damaged");
    }
  });

  it("is damaged when hash and body do not agree, or the body is no intent", () => {
    const tampered = text(encodeIntent(intent())).replace("the-secret-token", "another-token-16");
    expect(decodeIntent(bytes(tampered))).toEqual({ kind: "damaged" });
    expect(decodeIntent(encodeRecord({}))).toEqual({ kind: "damaged" });
    expect(decodeIntent(encodeReceived(received(), host))).toEqual({ kind: "damaged" });
    expect(decodeReceived(encodeIntent(intent()))).toEqual({ kind: "damaged" });
    expect(decodeIntent(encodeIntent(intent({ deviceName: " " })))).toEqual({ kind: "damaged" });
    expect(decodeIntent(encodeIntent(intent({ credentials: token("") })))).toEqual({ kind: "damaged" });
    expect(decodeIntent(encodeIntent(intent({ number: 0 })))).toEqual({ kind: "damaged" });
    expect(decodeRecord(bytes('{"version":0}')).kind).toBe("damaged");
    expect(decodeRecord(bytes('{"version":"2"}')).kind).toBe("damaged");
    const earlier = text(encodeRecord({ a: 1 })).replace('"version":1', '"version":0');
    expect(decodeRecord(bytes(earlier)).kind).toBe("damaged");
    expect(decodeRecord(bytes('{"version":1,"body":[]}')).kind).toBe("damaged");
  });

  it("of a later version is neither damaged nor understood", () => {
    expect(decodeIntent(bytes('{"version":2,"anything":true}'))).toEqual({ kind: "newer" });
  });
});
