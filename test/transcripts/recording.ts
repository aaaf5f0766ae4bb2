import { createHash } from "node:crypto";
import * as v from "valibot";
import { type RecordedServer, serverOf } from "./recorded-server.ts";

/** The recordings as they come: docs/thingsboard-protocol.md#the-recordings. */
const rawPacket = v.object({
  direction: v.picklist(["sent", "received"]),
  at_ms: v.number(),
  segment: v.number(),
  connection: v.optional(v.number(), 1),
  hex: v.optional(v.string()),
  hex_first_96: v.optional(v.string()),
  bytes: v.optional(v.number()),
  sha256: v.optional(v.string()),
  decoded: v.optional(v.string(), ""),
});
const rawConnection = v.object({
  transport: v.picklist(["TCP", "TLS"]),
  mqtt: v.nullish(v.string(), ""),
  ended_by: v.string(),
  ended_how: v.optional(v.string(), ""),
  ended_at_ms: v.nullish(v.number()),
  note: v.optional(v.string()),
});
const rawRecording = v.object({
  title: v.string(),
  server_version: v.string(),
  strategy: v.optional(v.string(), ""),
  packets: v.array(rawPacket),
  connections: v.array(rawConnection),
  server_effect: v.optional(v.unknown(), null),
  notes: v.optional(v.array(v.string()), []),
  profile: v.optional(v.unknown()),
  server: v.optional(v.unknown()),
});

/**
 * A recording without what can be told from its bytes: one line of JSON. A packet is `[way, at, segment, connection,
 * bytes]`.
 */
const compactPacket = v.tuple([
  v.picklist([">", "<"]),
  v.number(),
  v.number(),
  v.number(),
  v.union([v.string(), v.object({ first: v.string(), fill: v.string(), last: v.string(), sha256: v.string() })]),
]);
export const compactRecording = v.object({
  case: v.string(),
  version: v.string(),
  title: v.string(),
  strategy: v.string(),
  packets: v.array(compactPacket),
  connections: v.array(v.tuple([v.string(), v.string(), v.string(), v.string(), v.nullable(v.number())])),
  effect: v.unknown(),
  notes: v.array(v.string()),
  /** Of the device's profile, where the recording tells it: `transport_type`, `payload`. */
  profile: v.exactOptional(v.unknown()),
  /** What was on the server at the beginning, as our own recorder writes it. */
  server: v.exactOptional(v.unknown()),
});
export type CompactRecording = v.InferOutput<typeof compactRecording>;

/** A recording of another shape (`http-provision`, figures) is kept as it is. */
export const otherRecording = v.object({ case: v.string(), version: v.string(), other: v.unknown() });
export type OtherRecording = v.InferOutput<typeof otherRecording>;

export function compact(name: string, recording: unknown): CompactRecording | OtherRecording {
  const parsed = v.safeParse(rawRecording, recording);
  if (!parsed.success) {
    const { server_version } = v.parse(v.object({ server_version: v.string() }), recording);
    return { case: name, version: versionOf(server_version), other: recording };
  }
  const { output } = parsed;
  return {
    case: name,
    version: versionOf(output.server_version),
    title: output.title,
    strategy: output.strategy,
    packets: output.packets.map((packet) => [
      packet.direction === "sent" ? ">" : "<",
      packet.at_ms,
      packet.segment,
      packet.connection,
      packet.hex ?? filled(packet),
    ]),
    connections: output.connections.map(({ transport, mqtt, ended_by, ended_how, ended_at_ms }) => [
      transport,
      mqtt,
      ended_by,
      ended_how,
      ended_at_ms ?? null,
    ]),
    effect: output.server_effect ?? null,
    notes: output.notes,
    ...(output.profile === undefined ? {} : { profile: output.profile }),
    ...(output.server === undefined ? {} : { server: output.server }),
  };
}

/** A long packet is its beginning, one character again and again, and its end; the hash says whether that is true. */
function filled(packet: v.InferOutput<typeof rawPacket>): CompactRecording["packets"][number][4] {
  const { hex_first_96 = "", bytes = 0, sha256 = "", decoded } = packet;
  const payload = decoded.slice(decoded.indexOf(" payload=") + " payload=".length);
  const beginning = /^(.*?)(.)\2{20,}/su.exec(payload);
  const [, text = "", fill = ""] = beginning ?? [];
  const header = Buffer.from(hex_first_96, "hex");
  const at = header.indexOf(payload.slice(0, 8));
  const first = Buffer.concat([header.subarray(0, at), Buffer.from(text, "utf8")]).toString("hex");
  for (const last of ['"}', "}", ""]) {
    const candidate = { first, fill, last, sha256 };
    if (hashOf(expand(candidate, bytes)) === sha256) return candidate;
  }
  throw new Error(`The ${bytes} bytes of a packet cannot be told from its beginning.`);
}

function expand({ first, fill, last }: { first: string; fill: string; last: string }, bytes: number): Buffer {
  const start = Buffer.from(first, "hex");
  return Buffer.concat([start, Buffer.alloc(bytes - start.length - last.length, fill), Buffer.from(last)]);
}

function hashOf(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}

export interface RecordedPacket {
  readonly sent: boolean;
  readonly at: number;
  readonly segment: number;
  readonly connection: number;
  readonly bytes: Buffer;
}

export interface Recording {
  readonly name: string;
  readonly version: string;
  readonly title: string;
  readonly strategy: string;
  readonly packets: readonly RecordedPacket[];
  readonly connections: readonly {
    readonly number: number;
    readonly tls: boolean;
    readonly level: 3 | 4 | 5;
    readonly endedBy: string;
    readonly endedAt: number | null;
  }[];
  readonly effect: unknown;
  readonly notes: readonly string[];
  /** What was on the server at the beginning, where the recording says it. */
  readonly server?: RecordedServer | undefined;
}

export function recordingOf(recording: CompactRecording): Recording {
  return {
    name: recording.case,
    version: recording.version,
    title: recording.title,
    strategy: recording.strategy,
    packets: recording.packets.map(([way, at, segment, connection, bytes]) => ({
      sent: way === ">",
      at,
      segment,
      connection,
      bytes: typeof bytes === "string" ? Buffer.from(bytes, "hex") : wholePacket(bytes),
    })),
    connections: recording.connections.map(([transport, mqtt, endedBy, , endedAt], index) => ({
      number: index + 1,
      tls: transport === "TLS",
      level: mqtt === "5" ? 5 : mqtt === "3.1" ? 3 : 4,
      endedBy,
      endedAt,
    })),
    effect: recording.effect,
    notes: recording.notes,
    server: serverOf(recording.server),
  };
}

/** The length stands in the packet's own header. */
function wholePacket(long: { first: string; fill: string; last: string; sha256: string }): Buffer {
  const start = Buffer.from(long.first, "hex");
  let remaining = 0;
  let length = 1;
  for (let shift = 0; ; shift += 7) {
    const byte = start.readUInt8(length++);
    remaining += (byte & 0x7f) << shift;
    if (byte < 0x80) break;
  }
  const bytes = expand(long, length + remaining);
  if (hashOf(bytes) !== long.sha256) throw new Error("A long packet is not what was recorded.");
  return bytes;
}

function versionOf(text: string): string {
  return text.split(" ").at(-1) ?? text;
}
