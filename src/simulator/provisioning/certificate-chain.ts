import type { Server } from "../server/server.ts";
import { readCertificate, sha3, x509Certificate } from "../tenant/credentials.ts";
import { type DeviceRecord, snapshotOf } from "../tenant/device.ts";
import { type DeviceProfile, keyOf, tenantOf } from "../tenant/device-profile.ts";
import { isAcceptableName } from "./provisioning.ts";

/**
 * Provisioning by X.509 chain happens inside the TLS handshake
 * (docs/thingsboard-protocol.md#tls-and-client-certificates): for each certificate, the leaf first, a known device ends
 * the search; a certificate that is the key of a profile makes or updates the device that the leaf's common name names.
 * Nothing is said to the client.
 */
export function provisionByChain(chain: readonly Uint8Array[], server: Server): void {
  const [leaf] = chain;
  if (leaf === undefined) return;
  for (const der of chain) {
    const hash = sha3(Buffer.from(der).toString("base64"));
    if (server.database.byCredentialsId(hash) !== undefined) return;
    const profile = server.database.profileByKey(hash);
    if (profile?.provisionType === "X509_CERTIFICATE_CHAIN" && keyOf(profile) === hash) {
      provisionLeaf(leaf, profile, server);
      return;
    }
  }
}

function provisionLeaf(leaf: Uint8Array, profile: DeviceProfile, server: Server): void {
  const name = nameFromCommonName(leaf, profile.certificateRegExPattern ?? "(.*)");
  if (name === undefined || !isAcceptableName(name, server.peculiarities)) return;
  const credentials = x509Certificate(Buffer.from(leaf).toString("base64"));
  const device: DeviceRecord | undefined = server.database.byName(tenantOf(profile), name);
  if (device === undefined) {
    if (profile.allowCreateNewDevicesByX509Certificate ?? true) {
      server
        .addDevice({ profile, name, gateway: false, credentials })
        .attributes.server.set("provisionState", "provisioned");
    }
  } else if (device.profile === profile.name && device.credentials.credentialsType === "X509_CERTIFICATE") {
    server.database.replaceCredentials(device, credentials);
    server.events.tell({ type: "credentials changed", device: snapshotOf(device) });
    server.sessions.closeAll(device);
  }
}

/** Group 1 of the pattern, which is looked for in the common name. */
function nameFromCommonName(leaf: Uint8Array, pattern: string): string | undefined {
  const subject = readCertificate(leaf)?.subject ?? "";
  const commonName = /^CN=(.*)$/m.exec(subject)?.[1];
  return commonName === undefined ? undefined : new RegExp(pattern).exec(escaped(commonName))?.[1];
}

/** As Bouncy Castle writes a common name: like OpenSSL, with backslashes as in RFC 2253, and one before `=`, too. */
function escaped(commonName: string): string {
  return commonName.replace(/(\\.)|=/gs, (_, already: string | undefined) => already ?? "\\=");
}

/** Whether each certificate was signed by the next. A chain that does not fit together ends in the TLS handshake. */
export function fitsTogether(chain: readonly Uint8Array[]): boolean {
  return chain.every((der, index) => {
    const [certificate, signer] = [readCertificate(der), readCertificate(chain[index + 1] ?? der)];
    if (index === chain.length - 1 || certificate === undefined || signer === undefined) return true;
    return certificate.checkIssued(signer) && certificate.verify(signer.publicKey);
  });
}
