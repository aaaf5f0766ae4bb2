import { X509Certificate } from "node:crypto";
import {
  certificateRefused,
  type Refusal,
  rateLimited,
  serverUnavailable,
  unknownCredentials,
} from "../mqtt/connack-codes.ts";
import type { ConnectPacket, Peer } from "../mqtt/connection.ts";
import type { Server } from "../server.ts";
import { type Login, matching, sha3 } from "../tenant/credentials.ts";
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
  const { transportType = "DEFAULT" } = server.database.profileOf(device) ?? {};
  if (transportType !== "DEFAULT" && transportType !== "MQTT") {
    const onCertificatePath = { ...serverUnavailable, disconnectReason: 0x83 };
    return { refusal: certificate === undefined ? serverUnavailable : onCertificatePath, wrong: false };
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

export function readCertificate(der: Uint8Array): X509Certificate | undefined {
  try {
    return new X509Certificate(der);
  } catch {
    return undefined;
  }
}
