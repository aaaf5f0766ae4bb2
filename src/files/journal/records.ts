import { createHash } from "node:crypto";
import { isObject, type JsonObject, parseObject } from "../../base/json-object.ts";

/** What the bytes of a record are. Only `incomplete` can be the trace of a crash. */
export type DecodedRecord =
  | { readonly kind: "body"; readonly body: JsonObject }
  /** Nothing, or the beginning of a record: it was not written to its end. */
  | { readonly kind: "incomplete" }
  /** Written to its end, and changed since. */
  | { readonly kind: "damaged" }
  /** Of a later version of this program. */
  | { readonly kind: "newer" };

const version = 1;

/** `{version, sha256, body}`, where the hash is that of the body's JSON text. */
export function encodeRecord(body: JsonObject): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify({ version, sha256: hashOf(body), body })}\n`);
}

export function decodeRecord(bytes: Uint8Array): DecodedRecord {
  const written = withoutBlanks(bytes);
  const record = parseObject(written);
  if (record === undefined) return { kind: isBeginning(written) ? "incomplete" : "damaged" };
  if (typeof record["version"] === "number" && record["version"] > version) return { kind: "newer" };
  const body = record["body"];
  if (record["version"] !== version || !isObject(body) || record["sha256"] !== hashOf(body)) return { kind: "damaged" };
  return { kind: "body", body };
}

/** What a record says before its hash is looked at: enough to see that there is nothing to look for. */
export function claimedBody(bytes: Uint8Array): JsonObject | undefined {
  const body = parseObject(withoutBlanks(bytes))?.["body"];
  return isObject(body) ? body : undefined;
}

/** The order of keys survives reading and writing, so the same body has the same text. */
function hashOf(body: JsonObject): string {
  return createHash("sha256").update(JSON.stringify(body), "utf8").digest("hex");
}

/** Where a file was given its size and a crash came before its bytes, a disk reads zeros. */
function withoutBlanks(bytes: Uint8Array): Uint8Array {
  return bytes.subarray(0, bytes.findLastIndex((byte) => byte !== 0) + 1);
}

/**
 * Whether a crash can have left `bytes`: how a record begins, cut off anywhere. A record is one line without control
 * characters and ends with two braces and the line end: what has any of that at its end was whole once.
 */
function isBeginning(bytes: Uint8Array): boolean {
  // As a stream, for the cut may be in the middle of a character.
  const text = new TextDecoder("utf-8").decode(bytes, { stream: true });
  return head.startsWith(text) || (text.startsWith(head) && !/\p{Cc}|\}\}.?$/u.test(text));
}

const head = `{"version":${version},"sha256":"`;
