import { javaTrim } from "../encoding/java-text.ts";
import { certificateRefused, deviceBlocked, type Refusal, rateLimited, serverUnavailable } from "../mqtt/codes.ts";
import type { ConnectPacket, Peer } from "../mqtt/connection.ts";
import type { Server } from "../server/server.ts";
import type { Peculiarities } from "../server/versions.ts";
import { type Login, matching, readCertificate, sha3 } from "../tenant/credentials.ts";
import type { DeviceRecord } from "../tenant/device.ts";

export type LoginResult = { readonly device: DeviceRecord } | { readonly refusal: Refusal; readonly wrong: boolean };

/**
 * Whether a CONNECT is let in (docs/thingsboard-protocol.md#credential-matching, #connack-codes,
 * #tls-and-client-certificates). A certificate, where there is one, alone decides.
 */
export function logIn(packet: ConnectPacket, peer: Peer, server: Server): LoginResult {
  const login: Login = {
    clientId: packet.clientId,
    userName: packet.username,
    password: packet.password === undefined ? undefined : Buffer.from(packet.password).toString("utf8"),
  };
  const [certificate] = peer.certificates;
  const device = certificate === undefined ? deviceOfLogin(login, server) : deviceOfCertificate(certificate, server);
  if (device === undefined) {
    const refusal = certificate === undefined ? unknownCredentials(login, server.peculiarities) : certificateRefused;
    return { refusal, wrong: true };
  }
  if (device.blocked) return { refusal: deviceBlocked, wrong: false };
  const { transportType = "DEFAULT" } = server.database.profileOf(device) ?? {};
  if (transportType !== "DEFAULT" && transportType !== "MQTT") {
    const otherTransport = { ...serverUnavailable, why: `its profile is of the transport ${transportType}` };
    const onCertificatePath = { ...otherTransport, disconnectReason: 0x83 };
    return { refusal: certificate === undefined ? otherTransport : onCertificatePath, wrong: false };
  }
  if (isFull(device, server)) {
    return { refusal: { ...serverUnavailable, why: "as many devices are connected as may be" }, wrong: false };
  }
  return server.limits.takeMessage(device) ? { device } : { refusal: rateLimited, wrong: false };
}

function deviceOfLogin(login: Login, { database }: Server): DeviceRecord | undefined {
  const found = matching(login, (id) => database.byCredentialsId(id)?.credentials);
  return found === undefined ? undefined : database.byCredentialsId(found.credentialsId);
}

/** The leaf's dates are checked, its authority is not. */
function deviceOfCertificate(der: Uint8Array, { database, clock }: Server): DeviceRecord | undefined {
  const device = database.byCredentialsId(sha3(Buffer.from(der).toString("base64")));
  if (device?.credentials.credentialsType !== "X509_CERTIFICATE") return undefined;
  const certificate = readCertificate(der);
  const now = clock.now().getTime();
  if (certificate === undefined) return undefined;
  return Date.parse(certificate.validFrom) <= now && now <= Date.parse(certificate.validTo) ? device : undefined;
}

function isFull(device: DeviceRecord, { sessions, connectedDeviceLimit = Number.POSITIVE_INFINITY }: Server): boolean {
  const others = new Set(sessions.all.map((session) => session.device).filter((other) => other !== device));
  return others.size >= connectedDeviceLimit;
}

/** The refusal of credentials that nobody knows; never code 4. */
function unknownCredentials(login: Login, peculiarities: Peculiarities): Refusal {
  const { userName, password, clientId } = login;
  const why = "no device has these credentials";
  if (userName !== undefined || password !== undefined) return { code: 5, reason: 0x86, disconnectReason: 0x86, why };
  if (javaTrim(clientId) === "") return { code: 5, reason: 0x87, disconnectReason: 0x87, why };
  return { code: peculiarities.refusesClientIdentifier ? 2 : 5, reason: 0x85, disconnectReason: 0x85, why };
}
