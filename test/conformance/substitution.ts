import { generate, type Packet, parser } from "mqtt-packet";
import type { StoredCredentials } from "../../src/simulator/index.ts";
import type { Recording } from "../transcripts/recording.ts";
import type { Target } from "./target.ts";

/** What the recorded servers had. */
const recorded = {
  key: "recAllowKey0123456789",
  secret: "recAllowSecret0123456",
  claimKey: "recPreKey01234567890",
  claimSecret: "recPreSecret01234567",
  registered: "cam-pre-1",
};

/** Other texts for those of a recording: whole ones, and parts of certificates. */
export interface Substitution {
  readonly texts: ReadonlyMap<string, string>;
  readonly parts: ReadonlyMap<string, string>;
}

/**
 * The server's own keys, secrets and registered device, and names, tokens and certificates that nobody has had before;
 * `own` is what the kit's devices have instead of the recorded ones.
 */
export function substitutionFor(
  { packets }: Recording,
  { key, secret, claims }: Pick<Target, "key" | "secret" | "claims">,
  own: ReadonlyMap<string, string>,
  unique: string,
): Substitution {
  const said = packets.map(({ sent, bytes }) => (sent ? bytes.toString("utf8") : "")).join("\n");
  const texts = new Map<string, string>([...own, [recorded.key, key], [recorded.secret, secret]]);
  const parts = new Map<string, string>();
  for (const [, text = ""] of said.matchAll(/"(?:deviceName|token|username|clientId)":\[?"((?! +")[^"]{3,})"/g)) {
    texts.set(text, prefixed(text, unique));
  }
  for (const [number] of said.matchAll(/"deviceName":[0-9]+(?=[,}])/g)) {
    parts.set(number, `${number}${Number.parseInt(unique, 16)}`);
  }
  for (const [, hash = ""] of said.matchAll(/"hash":"([^"]+)"/g)) {
    // Of a certificate a few characters of the signature, which the server does not check.
    const part = hash.startsWith("-----") ? [...hash.slice(0, -30).matchAll(signaturePart)].at(-1)?.[0] : undefined;
    if (part === undefined) texts.set(hash, prefixed(hash, unique));
    else parts.set(part, unique.padStart(8, "0"));
  }
  if (claims !== undefined) {
    texts.set(recorded.claimKey, claims.key).set(recorded.claimSecret, claims.secret);
    texts.set(recorded.registered, claims.deviceName);
  }
  return { texts, parts };
}

const signaturePart = /(?<=[A-Za-z0-9+/])[A-Za-z0-9]{8}/g;

/** What the kit's own device has instead of recorded credentials, text by text. */
export function ownTexts(credentials: StoredCredentials, unique: string): Map<string, string> {
  const { credentialsType: type, credentialsId } = credentials;
  const texts =
    type === "MQTT_BASIC"
      ? Object.values(credentials.credentialsValue)
      : type === "ACCESS_TOKEN"
        ? [credentialsId]
        : [];
  return new Map(texts.flatMap((text) => (text ? [[text, prefixed(text, unique)] as const] : [])));
}

/** Blanks at the beginning stay there: the server takes them off. */
function prefixed(text: string, unique: string): string {
  return text.replace(/^ */, (blanks) => `${blanks}${unique}-`);
}

/** The packet with other texts in it; its lengths change with them. */
export function substituted(bytes: Buffer, level: 3 | 4 | 5, substitution: Substitution): Buffer {
  if ((bytes[0] ?? 0) === 0x10) return withLogin(bytes, (text) => substitution.texts.get(text) ?? text);
  const packet = decode(bytes, level);
  if (packet?.cmd !== "publish") return bytes;
  const text = packet.payload.toString("utf8");
  const payload = changed(text, substitution);
  return payload === text ? bytes : generate({ ...packet, payload }, { protocolVersion: level });
}

function changed(text: string, { texts, parts }: Substitution): string {
  const whole = text.replace(/"([^"]*)"/g, (found, inner: string) => {
    const other = texts.get(inner);
    return other === undefined ? found : JSON.stringify(other);
  });
  return [...parts].reduce((changing, [part, other]) => changing.replaceAll(part, other), whole);
}

function decode(bytes: Buffer, protocolVersion: 3 | 4 | 5): Packet | undefined {
  const found: Packet[] = [];
  const reader = parser({ protocolVersion });
  reader.on("packet", (packet) => found.push(packet));
  reader.on("error", () => {});
  reader.parse(bytes);
  return found[0];
}

/** By hand: an encoder refuses some of the CONNECT packets that servers were recorded to answer. */
function withLogin(bytes: Buffer, other: (text: string) => string): Buffer {
  const start = bytes.findIndex((byte, index) => index > 0 && byte < 0x80) + 1;
  const level = bytes.readUInt8(start + 2 + bytes.readUInt16BE(start));
  const flags = bytes.readUInt8(start + 2 + bytes.readUInt16BE(start) + 1);
  const fields = start + 2 + bytes.readUInt16BE(start) + 4 + (level === 5 ? 1 : 0);
  // A will, and properties of MQTT 5, are in none of the recordings that are played.
  if ((flags & 0x04) !== 0 || (level === 5 && bytes[fields - 1] !== 0)) return bytes;
  const parts: Buffer[] = [bytes.subarray(start, fields)];
  for (let at = fields; at + 2 <= bytes.length; at += 2 + bytes.readUInt16BE(at)) {
    const text = Buffer.from(other(bytes.toString("utf8", at + 2, at + 2 + bytes.readUInt16BE(at))));
    parts.push(Buffer.from([text.length >> 8, text.length & 0xff]), text);
  }
  const body = Buffer.concat(parts);
  const length = body.length < 0x80 ? [body.length] : [(body.length & 0x7f) | 0x80, body.length >> 7];
  return Buffer.concat([Buffer.from([0x10, ...length]), body]);
}
