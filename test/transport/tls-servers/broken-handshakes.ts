import { withChain } from "./authorities.ts";
import { alerts, altering, between, floods, says, stalls } from "./raw-peers.ts";
import type { TlsServer, TlsServers } from "./tls-server.ts";

function versionRefused(meets: TlsServer["meets"]): TlsServer {
  const says = "the server offers no TLS version that this camera accepts: it must have TLS 1.2 or 1.3";
  return { ends: "TLS_VERSION_REFUSED 75", says, meets };
}

function refusedHandshake(meets: TlsServer["meets"]): TlsServer {
  const says =
    "the server broke the TLS handshake off: it has no cipher in common with this camera, or wants a client certificate";
  return { ends: "TLS_HANDSHAKE_REFUSED 75", says, meets };
}

function wantsCertificate(number: number, name: string): TlsServer {
  return {
    ends: "TLS_CLIENT_CERTIFICATE_WANTED 78",
    says: `the server lets nobody in without a client certificate that it knows (alert ${number}, ${name})`,
    meets: () => ({ peer: alerts(number) }),
  };
}

function failedWith(number: number, name: string): TlsServer {
  const says = `the server broke TLS off (alert ${number}, ${name})`;
  return { ends: "TLS_FAILED 75", says, meets: () => ({ peer: alerts(number) }) };
}

function damagedBy(meets: TlsServer["meets"]): TlsServer {
  const says = "what was sent did not arrive as it was sent: TLS could not be decrypted";
  return { ends: "TLS_DAMAGED 75", says, meets };
}

function brokenOff(meets: TlsServer["meets"]): TlsServer {
  const says = "the server ended the connection in the middle of the TLS handshake";
  return { ends: "TLS_FAILED 75", says, meets };
}

function onlyCipher(ciphers: string): TlsServer {
  return refusedHandshake((from) => ({
    peer: { ...from.leaf({ key: 2048 }), maxVersion: "TLSv1.2", ciphers: `${ciphers}:@SECLEVEL=0` },
  }));
}

const oldCiphers = { ciphers: "ALL:@SECLEVEL=0" };
/** The beginning of a ServerHello. */
const serverHello = [22, 3, 3, 0, 80, 2, 0, 0, 76];

/** TLS is spoken, and does not come about. */
export const brokenHandshakes: TlsServers = {
  "TLS 1.0 only": versionRefused(({ good }) => ({
    peer: { ...good, minVersion: "TLSv1", maxVersion: "TLSv1", ...oldCiphers },
  })),
  "TLS 1.1 only": versionRefused(({ good }) => ({
    peer: { ...good, minVersion: "TLSv1.1", maxVersion: "TLSv1.1", ...oldCiphers },
  })),
  "an alert about the version (70)": versionRefused(() => ({ peer: alerts(70) })),
  "an alert about weak ciphers (71)": {
    ends: "TLS_VERSION_REFUSED 75",
    says: "the server takes none of the ciphers that this camera offers",
    meets: () => ({ peer: alerts(71) }),
  },
  "the cipher AES128-SHA only (no forward secrecy)": onlyCipher("AES128-SHA"),
  "the cipher AES128-GCM-SHA256 only (no forward secrecy)": onlyCipher("AES128-GCM-SHA256"),
  "the cipher ECDHE-RSA-AES128-SHA only (CBC)": onlyCipher("ECDHE-RSA-AES128-SHA"),
  "the cipher AECDH-AES128-SHA only (anonymous)": onlyCipher("AECDH-AES128-SHA"),
  "the cipher NULL-SHA256 only (not encrypted)": onlyCipher("NULL-SHA256"),
  "the cipher DHE-RSA-AES128-GCM-SHA256 only (Diffie-Hellman without curves)": onlyCipher("DHE-RSA-AES128-GCM-SHA256"),
  "an alert without a reason (40)": refusedHandshake(() => ({ peer: alerts(40) })),
  "a client certificate wanted, TLS 1.2": refusedHandshake(({ good }) => ({
    peer: { ...good, requestCert: true, rejectUnauthorized: true, maxVersion: "TLSv1.2" },
  })),
  "a client certificate wanted, TLS 1.3": {
    ends: "TLS_CLIENT_CERTIFICATE_WANTED 78",
    says: "the server lets nobody in without a client certificate that it knows (alert 116, certificate_required)",
    meets: ({ good }) => ({
      peer: { ...good, requestCert: true, rejectUnauthorized: true, minVersion: "TLSv1.3" },
      within: () => {},
    }),
  },
  "an alert about the client's certificate (42)": wantsCertificate(42, "bad_certificate"),
  "an alert about the client's certificate (43)": wantsCertificate(43, "unsupported_certificate"),
  "an alert about the client's certificate (44)": wantsCertificate(44, "certificate_revoked"),
  "an alert about the client's certificate (45)": wantsCertificate(45, "certificate_expired"),
  "an alert about the client's certificate (46)": wantsCertificate(46, "certificate_unknown"),
  "an alert about the client's certificate (48)": wantsCertificate(48, "unknown_ca"),
  "an alert about the client's rights (49)": wantsCertificate(49, "access_denied"),
  "an alert about an error inside (80)": failedWith(80, "internal_error"),
  "an alert about an illegal parameter (47)": failedWith(47, "illegal_parameter"),
  "an alert that somebody cancelled (90)": failedWith(90, "user_canceled"),
  "an alert about the protocol within TLS (120)": failedWith(120, "no_application_protocol"),
  "an alert that nobody knows (99)": brokenOff(() => ({ peer: alerts(99) })),
  "an alert about a record (20)": damagedBy(() => ({ peer: alerts(20) })),
  "an alert about a message (50)": damagedBy(() => ({ peer: alerts(50) })),
  "an alert about a signature (51)": damagedBy(() => ({ peer: alerts(51) })),
  "bytes altered on the way": damagedBy(({ good }) => ({ peer: altering(good) })),
  "the end of TLS in the place of a greeting (alert 0)": brokenOff(() => ({
    peer: says(Buffer.from([21, 3, 3, 0, 2, 1, 0])),
  })),
  "the end in the middle of the handshake": brokenOff(() => ({ peer: says(Buffer.from(serverHello)) })),
  "the end after the server's greeting": brokenOff(({ good }) => ({
    peer: between({ ...good, maxVersion: "TLSv1.2" }, (bytes, socket) => socket.end(bytes.subarray(0, 150))),
  })),
  "a reset in the middle of the handshake": brokenOff(() => ({
    peer: (socket) => socket.once("data", () => socket.write(Buffer.from(serverHello), () => socket.resetAndDestroy())),
  })),
  "an alert after the server's greeting (80)": {
    ends: "TLS_FAILED 75",
    says: "the server broke TLS off (alert 80, internal_error)",
    meets: ({ good }) => ({
      peer: between({ ...good, maxVersion: "TLSv1.2" }, (bytes, socket) => {
        const hello = bytes.subarray(0, 5 + bytes.readUInt16BE(3));
        socket.end(Buffer.concat([hello, Buffer.from([21, 3, 3, 0, 2, 2, 80])]));
      }),
    }),
  },
  "300 certificates": {
    ends: "TLS_FAILED 75",
    says: "the server sent more than belongs into a TLS handshake",
    meets: ({ good, stranger }) => ({ peer: withChain(good, ...Array.from({ length: 300 }, () => stranger)) }),
  },
  "warnings without end": {
    ends: "TLS_FAILED 75",
    says: "the server sent more than belongs into a TLS handshake",
    meets: () => ({ peer: floods(21, 3, 3, 0, 2, 1, 90) }),
  },
  "a key on a curve that is too small (P-192)": refusedHandshake((from) => ({
    peer: { ...from.leaf({ key: "P-192" }), ciphers: "DEFAULT:@SECLEVEL=0" },
  })),
  "no answer to the greeting": {
    ends: "TLS_STALLED 75",
    says: "the address answers, but the TLS handshake was not answered in time",
    meets: () => ({ peer: stalls() }),
  },
  "one byte, and then nothing": {
    ends: "TLS_STALLED 75",
    says: "the address answers, but TLS was begun, and did not get on in time",
    meets: () => ({ peer: stalls(22) }),
  },
  "the beginning of a greeting, and then nothing": {
    ends: "TLS_STALLED 75",
    says: "the address answers, but TLS was begun, and did not get on in time",
    meets: () => ({ peer: stalls(...serverHello) }),
  },
  "silence once TLS is there": {
    ends: "NO_ANSWER 75",
    says: "the connection was opened, but an answer to the login did not come in time",
    meets: ({ good }) => ({ peer: good, within: (socket, timeIsUp) => void socket.on("data", timeIsUp) }),
  },
  "the end once TLS is there": {
    ends: "CONNECTION_LOST 75",
    says: "the connection was opened, and closed from the other side before an answer to the login came",
    meets: ({ good }) => ({ peer: good, within: (socket) => void socket.once("data", () => socket.end()) }),
  },
};
