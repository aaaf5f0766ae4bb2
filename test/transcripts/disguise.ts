import type { Recording } from "./recording.ts";

/** Names and tokens of the recorded devices begin with `cam` and `Rec`. */
function otherNames(text: string): string {
  return text.replaceAll("cam-", "dev-").replaceAll(/Rec(?=[A-Z0-9])/g, "Tok");
}

/** The keys and secrets of the recorded servers begin with `rec`; the lengths stay. */
export function otherKeys(text: string): string {
  return text.replaceAll(/rec(?=[A-Za-z]*(Key|Secret)[0-9])/g, "our");
}

export function disguised(recording: Recording): Recording {
  const renamed = withTexts(recording, otherNames);
  const packets = renamed.packets.map((packet) => {
    return packet.sent ? { ...packet, bytes: withOppositeOrder(packet.bytes) } : packet;
  });
  return { ...renamed, packets };
}

export function withTexts(recording: Recording, change: (text: string) => string): Recording {
  return {
    ...recording,
    packets: recording.packets.map((packet) => {
      return { ...packet, bytes: Buffer.from(change(packet.bytes.toString("latin1")), "latin1") };
    }),
    effect: JSON.parse(change(JSON.stringify(recording.effect))),
  };
}

/** Where the payload is JSON as it is commonly written, and UTF-8; the length stays. */
function withOppositeOrder(bytes: Buffer): Buffer {
  const start = bytes.indexOf('{"');
  const text = start === -1 ? "" : bytes.toString("utf8", start);
  if (!Buffer.from(text).equals(bytes.subarray(bytes.length - Buffer.byteLength(text)))) return bytes;
  try {
    const json: unknown = JSON.parse(text);
    if (typeof json !== "object" || json === null || JSON.stringify(json) !== text) return bytes;
    const opposite = JSON.stringify(Object.fromEntries(Object.entries(json).toReversed()));
    return Buffer.concat([bytes.subarray(0, start), Buffer.from(opposite)]);
  } catch {
    return bytes;
  }
}
