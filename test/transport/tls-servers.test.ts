import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import type { TlsOptions } from "node:tls";
import { afterAll, describe, expect, it } from "vitest";
import { Expired } from "../../src/base/clock.ts";
import { type ErrorCode, ProvisioningError } from "../../src/model/errors.ts";
import { publicKeyPin } from "../../src/transport/certificate-facts.ts";
import { connect } from "../../src/transport/connect.ts";
import type { TlsSettings } from "../../src/transport/link.ts";
import { authorityFile, identity } from "../fixtures/tls/certificates.ts";
import { type Case as AnyCase, alerts, altering, listen, meet as meetWith, says } from "./tls-peer.ts";
import { forLocalhost, type Made, type Wishes, Workshop } from "./workshop.ts";

const workshop = new Workshop();
afterAll(() => workshop[Symbol.dispose]());

const root = workshop.authority("Test Root");
const intermediate = workshop.authority("Test Intermediate", { signer: root });
const stranger = workshop.authority("Corp Inspection CA");
const good = leaf();
const below = leaf({ signer: intermediate });
const fixtureAuthority = readFileSync(authorityFile(), "utf8");

/** A server's certificate, right but for `wishes`. */
function leaf({ extensions = [forLocalhost], ...wishes }: Wishes = {}, name = "localhost"): Made {
  return workshop.make(name, { signer: root, extensions, ...wishes });
}

function trusting(...certificates: readonly string[]): TlsSettings {
  return { authorities: certificates, named: certificates, trusted: "ca.pem with its names" };
}

/** Unless it says otherwise, a client trusts the test's own root. */
type Case = Omit<AnyCase, "settings"> & Partial<Pick<AnyCase, "settings">>;

function meet(row: Case) {
  return meetWith({ settings: trusting(root.cert), ...row });
}

const accepted: Record<string, Case> = {
  "a good certificate": { peer: good },
  "RSA with 2048 bits": { peer: leaf({ key: 2048 }) },
  "an Ed25519 key": { peer: leaf({ key: "ED25519" }) },
  "TLS 1.2 only": { peer: { ...good, maxVersion: "TLSv1.2" } },
  "TLS 1.3 only": { peer: { ...good, minVersion: "TLSv1.3" } },
  "TLS 1.2 with ECDHE and ChaCha20": {
    peer: { ...good, maxVersion: "TLSv1.2", ciphers: "ECDHE-ECDSA-CHACHA20-POLY1305" },
  },
  "the whole chain": { peer: { cert: below.cert + intermediate.cert, key: below.key } },
  "the leaf alone, where ca_file holds root and intermediate": {
    peer: below,
    settings: trusting(root.cert, intermediate.cert),
  },
  "the whole chain, where ca_file holds the intermediate only": {
    peer: { cert: below.cert + intermediate.cert, key: below.key },
    settings: trusting(intermediate.cert),
  },
  "the leaf alone, where ca_file holds that leaf": { peer: below, settings: trusting(below.cert) },
  "the leaf alone, where ca_file holds leaf and intermediate": {
    peer: below,
    settings: trusting(below.cert, intermediate.cert),
  },
  "a certificate that signed itself, where ca_file holds it": selfSigned({ extensions: [forLocalhost] }),
  "its address in the certificate": { peer: good, host: "127.0.0.1" },
  "a wildcard": {
    peer: leaf({ extensions: ["subjectAltName=DNS:*.cam.test"] }),
    settings: { ...trusting(root.cert), serverName: "x.cam.test" },
  },
  "the name of server_name": {
    peer: leaf({ extensions: ["subjectAltName=DNS:tb.test"] }),
    settings: { ...trusting(root.cert), serverName: "tb.test" },
  },
  "an optional client certificate": { peer: { ...good, requestCert: true, rejectUnauthorized: false } },
  "a leaf without basicConstraints, signed by an authority": { peer: leaf({ extensions: [forLocalhost] }) },
  "the pinned key of the leaf": { peer: good, settings: pinning(good) },
  "the pinned key of the root": { peer: good, settings: pinning(root) },
  "one of two pinned keys": { peer: good, settings: pinning(stranger, good) },
};

/** A server whose own OpenSSL minds nothing. */
const permissive = { ciphers: "DEFAULT:@SECLEVEL=0" };

function withChain({ cert, key }: Made, ...issuers: readonly Made[]): TlsOptions {
  return { cert: [cert, ...issuers.map((each) => each.cert)].join(""), key };
}

function selfSigned(wishes: Wishes, name = "localhost"): Case {
  const certificate = workshop.make(name, wishes);
  return { peer: certificate, settings: trusting(certificate.cert) };
}

function pinning(...made: readonly Made[]): TlsSettings {
  return { ...trusting(root.cert), pinnedPublicKeys: made.map(({ cert }) => publicKeyPin(new X509Certificate(cert))) };
}

type Row = Case & { readonly code: ErrorCode; readonly status: number; readonly says: RegExp; readonly lines?: RegExp };

const refused: Record<string, Row> = {
  "one certificate, of an authority that is not trusted": {
    peer: leaf({ signer: stranger }),
    code: "TLS_CHAIN_INCOMPLETE",
    status: 78,
    says: /the server sent one certificate only, without that of its issuer "Corp Inspection CA", which is not among those trusted here/,
    lines:
      /presented: "localhost" \(for localhost, 127\.0\.0\.1\), issued by "Corp Inspection CA", valid from 20\d\d-.* UTC to 20\d\d-.* UTC\n {2}trusted: ca\.pem with its names\n {2}OpenSSL: unable to get local issuer certificate/,
  },
  "the leaf alone, without its intermediate": {
    peer: below,
    code: "TLS_CHAIN_INCOMPLETE",
    status: 78,
    says: /without that of its issuer "Test Intermediate"/,
  },
  "a chain up to a root that is not trusted": {
    peer: withChain(leaf({ signer: stranger }), stranger),
    code: "TLS_UNTRUSTED",
    status: 78,
    says: /comes from "Corp Inspection CA", whom this camera does not trust/,
  },
  "a chain whose root is neither sent nor trusted": {
    peer: { cert: below.cert + intermediate.cert, key: below.key },
    settings: trusting(stranger.cert),
    code: "TLS_UNTRUSTED",
    status: 78,
    says: /comes from "Test Root", whom this camera does not trust/,
    lines: /; then "Test Intermediate", issued by "Test Root", valid/,
  },
  "an authority of the same name with another key": {
    peer: leaf({ signer: workshop.authority("Test Root") }),
    code: "TLS_UNTRUSTED",
    status: 78,
    says: /not signed by the "Test Root" that is trusted here, but by another of that name/,
  },
  "a certificate that signed itself": {
    ...selfSigned({ extensions: [forLocalhost] }),
    settings: trusting(root.cert),
    code: "TLS_UNTRUSTED",
    status: 78,
    says: /the server's certificate signed itself, and is not among those trusted here/,
  },
  "another name": {
    peer: leaf({ extensions: ["subjectAltName=DNS:tb.example.com,DNS:*.eu.example.com,IP:10.0.0.5"] }),
    code: "TLS_WRONG_HOST",
    status: 78,
    says: /the certificate is for "tb\.example\.com", "\*\.eu\.example\.com", "10\.0\.0\.5"; server_url is "localhost"/,
  },
  "a name, at an address": {
    peer: leaf({ extensions: ["subjectAltName=DNS:localhost"] }),
    host: "127.0.0.1",
    code: "TLS_WRONG_HOST",
    status: 78,
    says: /the certificate is for "localhost"; server_url is "127\.0\.0\.1"/,
  },
  "an address, at a name": {
    peer: leaf({ extensions: ["subjectAltName=IP:127.0.0.1"] }),
    code: "TLS_WRONG_HOST",
    status: 78,
    says: /the certificate is for "127\.0\.0\.1"; server_url is "localhost"/,
  },
  "another name than server_name": {
    peer: good,
    settings: { ...trusting(root.cert), serverName: "tb.test" },
    code: "TLS_WRONG_HOST",
    status: 78,
    says: /the certificate is for "localhost", "127\.0\.0\.1"; server_name is "tb\.test"/,
  },
  "an address written as a name": {
    peer: leaf({ extensions: ["subjectAltName=DNS:127.0.0.1"] }),
    host: "127.0.0.1",
    code: "TLS_WRONG_HOST",
    status: 78,
    says: /the certificate is for "127\.0\.0\.1"/,
  },
  ...Object.fromEntries(
    ["*.test", "ca*.test", "x.*.test", "*.x.cam.test"].map((pattern) => [
      `the wildcard ${pattern} for cam.test`,
      {
        peer: leaf({ extensions: [`subjectAltName=DNS:${pattern}`] }),
        settings: { ...trusting(root.cert), serverName: "cam.test" },
        code: "TLS_WRONG_HOST",
        status: 78,
        says: /server_name is "cam\.test"/,
      } as const,
    ]),
  ),
  "a common name only": {
    peer: leaf({ extensions: [] }),
    code: "TLS_CERTIFICATE_WITHOUT_NAME",
    status: 78,
    says: /the certificate "localhost" names no host: it has no subjectAltName/,
  },
  "a common name only, for another host, although ca_file holds it": {
    ...selfSigned({}, "other"),
    code: "TLS_WRONG_HOST",
    status: 78,
    says: /the certificate is for "other", and has no names in its subjectAltName; server_url is "localhost"/,
  },
  "a certificate that has expired": {
    peer: identity("expired"),
    settings: trusting(fixtureAuthority),
    code: "TLS_EXPIRED",
    status: 75,
    says: /by this camera's clock \(20\d\d-\d\d-\d\d \d\d:\d\d UTC\) ".*" expired on 20\d\d-/,
  },
  "a certificate that is not valid yet": {
    peer: identity("not-yet-valid"),
    settings: trusting(fixtureAuthority),
    code: "TLS_NOT_YET_VALID",
    status: 75,
    says: /by this camera's clock \(.* UTC\) ".*" is valid from 2\d\d\d-.* only/,
  },
  "RSA with 1024 bits": {
    peer: { ...leaf({ key: 1024 }), ...permissive },
    code: "TLS_TOO_WEAK",
    status: 78,
    says: /a key of the server, or of its authority, is too weak/,
  },
  "an authority with RSA of 1024 bits": weakAuthority(),
  "a signature with SHA-1": {
    peer: { ...leaf({ digest: "sha1" }), ...permissive },
    code: "TLS_TOO_WEAK",
    status: 78,
    says: /signed with SHA-1, or another digest that is too weak/,
  },
  "a certificate for clients": {
    peer: leaf({ extensions: [forLocalhost, "extendedKeyUsage=clientAuth"] }),
    code: "TLS_CERTIFICATE_UNFIT",
    status: 78,
    says: /may be used by clients, or for something else, but not by a server/,
  },
  "a critical extension that nobody understands": {
    peer: leaf({ extensions: [forLocalhost, "1.2.3.4.5.6=critical,DER:0500"] }),
    code: "TLS_CERTIFICATE_UNFIT",
    status: 78,
    says: /a critical extension that nobody here understands/,
  },
  "a name that its authority may not sign for": constrained(),
  "an authority below one that may have none": pathTooLong(),
  "an issuer that is not an authority": noAuthority(),
  "an alert 112, at a name": {
    peer: alerts(112),
    code: "TLS_NAME_REFUSED",
    status: 78,
    says: /the server does not know the name "localhost"/,
  },
  "an alert 112, at an address": {
    peer: alerts(112),
    host: "127.0.0.1",
    code: "TLS_NAME_REFUSED",
    status: 78,
    says: /the server answers to certain names only, and was addressed by a number/,
  },
  "a client certificate wanted, TLS 1.3": {
    peer: { ...good, requestCert: true, rejectUnauthorized: true, minVersion: "TLSv1.3" },
    code: "TLS_CLIENT_CERTIFICATE_WANTED",
    status: 78,
    says: /the server lets nobody in without a client certificate that it knows \(alert 116, certificate_required\)/,
  },
  "a client certificate wanted, TLS 1.2": {
    peer: { ...good, requestCert: true, rejectUnauthorized: true, maxVersion: "TLSv1.2" },
    code: "TLS_HANDSHAKE_REFUSED",
    status: 75,
    says: /it has no cipher in common with this camera, or wants a client certificate/,
  },
  ...Object.fromEntries(
    [42, 43, 46, 48, 49].map((number) => [
      `an alert ${number}, about the client's certificate`,
      {
        peer: alerts(number),
        code: "TLS_CLIENT_CERTIFICATE_WANTED",
        status: 78,
        says: new RegExp(`alert ${number}, `),
      } as const,
    ]),
  ),
  "TLS 1.0 only": {
    peer: { ...good, minVersion: "TLSv1", maxVersion: "TLSv1", ciphers: "ALL:@SECLEVEL=0" },
    code: "TLS_VERSION_REFUSED",
    status: 75,
    says: /it must have TLS 1\.2 or 1\.3/,
  },
  "TLS 1.1 only": {
    peer: { ...good, minVersion: "TLSv1.1", maxVersion: "TLSv1.1", ciphers: "ALL:@SECLEVEL=0" },
    code: "TLS_VERSION_REFUSED",
    status: 75,
    says: /it must have TLS 1\.2 or 1\.3/,
  },
  "an alert 70": { peer: alerts(70), code: "TLS_VERSION_REFUSED", status: 75, says: /no TLS version, or no cipher/ },
  "an alert 71": { peer: alerts(71), code: "TLS_VERSION_REFUSED", status: 75, says: /no TLS version, or no cipher/ },
  ...Object.fromEntries(
    [
      "AES128-SHA",
      "AES128-GCM-SHA256",
      "ECDHE-RSA-AES128-SHA",
      "AECDH-AES128-SHA",
      "NULL-SHA256",
      "DHE-RSA-AES128-GCM-SHA256",
    ].map((ciphers) => [
      `the cipher ${ciphers} only`,
      {
        peer: { ...leaf({ key: 2048 }), maxVersion: "TLSv1.2", ciphers: `${ciphers}:@SECLEVEL=0` },
        code: "TLS_HANDSHAKE_REFUSED",
        status: 75,
        says: /it has no cipher in common with this camera/,
      } as const,
    ]),
  ),
  "an alert 40": { peer: alerts(40), code: "TLS_HANDSHAKE_REFUSED", status: 75, says: /it has no cipher in common/ },
  "an alert 20": {
    peer: alerts(20),
    code: "TLS_DAMAGED",
    status: 75,
    says: /what was sent did not arrive as it was sent/,
  },
  "an alert 51": {
    peer: alerts(51),
    code: "TLS_DAMAGED",
    status: 75,
    says: /what was sent did not arrive as it was sent/,
  },
  "an alert 80": {
    peer: alerts(80),
    code: "TLS_FAILED",
    status: 75,
    says: /the server broke TLS off \(alert 80, internal_error\)/,
  },
  "an alert 120": { peer: alerts(120), code: "TLS_FAILED", status: 75, says: /alert 120, no_application_protocol/ },
  "an alert that nobody knows": { peer: alerts(99), code: "TLS_FAILED", status: 75, says: /./ },
  "bytes altered on the way": {
    peer: altering(good),
    code: "TLS_DAMAGED",
    status: 75,
    says: /what was sent did not arrive as it was sent/,
  },
  HTTP: {
    peer: says("HTTP/1.1 400 Bad Request\r\n\r\n"),
    code: "TLS_NOT_SPOKEN",
    status: 75,
    says: /what answers there does not speak TLS/,
  },
  SSH: {
    peer: (socket) => void socket.write("SSH-2.0-OpenSSH_9.2\r\n"),
    code: "TLS_NOT_SPOKEN",
    status: 75,
    says: /does not speak TLS/,
  },
  MQTT: {
    peer: says("\u0020\u0002\u0000\u0000\u0040\u0002\u0000\u0001"),
    code: "TLS_NOT_SPOKEN",
    status: 75,
    says: /does not speak TLS/,
  },
  garbage: { peer: says("x".repeat(400)), code: "TLS_NOT_SPOKEN", status: 75, says: /does not speak TLS/ },
  "no byte and the end": {
    peer: (socket) => void socket.once("data", () => socket.end()),
    code: "NOTHING_HEARD",
    status: 75,
    says: /without one byte, when TLS was to begin/,
  },
  "no byte and a reset": {
    peer: (socket) => void socket.once("data", () => socket.resetAndDestroy()),
    code: "NOTHING_HEARD",
    status: 75,
    says: /without one byte/,
  },
  "the end in the middle of the handshake": {
    peer: (socket) => socket.once("data", () => socket.end(Buffer.from([22, 3, 3, 0, 80, 2, 0, 0, 76]))),
    code: "TLS_FAILED",
    status: 75,
    says: /ended the connection in the middle of the TLS handshake/,
  },
  "another pinned key": {
    peer: good,
    settings: pinning(stranger),
    code: "TLS_PIN_MISMATCH",
    status: 78,
    says: /no certificate of the server has one of the pinned_public_keys: the keys are sha256\/.{43}=, sha256\/.{43}=/,
  },
  "the pinned key of a certificate that signed nothing of it": {
    peer: { cert: good.cert + stranger.cert, key: good.key },
    settings: pinning(stranger),
    code: "TLS_PIN_MISMATCH",
    status: 78,
    says: /pinned_public_keys/,
  },
};

function weakAuthority(): Row {
  const weak = workshop.authority("Weak Root", { key: 1024 });
  return {
    peer: { ...leaf({ signer: weak }), ...permissive },
    settings: trusting(weak.cert),
    code: "TLS_TOO_WEAK",
    status: 78,
    says: /a key of the server, or of its authority, is too weak/,
  };
}

function constrained(): Row {
  const authority = workshop.authority("Constrained", {
    signer: root,
    extensions: ["nameConstraints=critical,permitted;DNS:only.test"],
  });
  const made = leaf({ signer: authority });
  return {
    peer: { cert: made.cert + authority.cert, key: made.key },
    code: "TLS_CERTIFICATE_UNFIT",
    status: 78,
    says: /its authority may not sign certificates for this name/,
  };
}

function pathTooLong(): Row {
  const upper = workshop.make("Upper", { signer: root, extensions: ["basicConstraints=critical,CA:true,pathlen:0"] });
  const lower = workshop.authority("Lower", { signer: upper });
  const made = leaf({ signer: lower });
  return {
    peer: { cert: made.cert + lower.cert + upper.cert, key: made.key },
    code: "TLS_CERTIFICATE_UNFIT",
    status: 78,
    says: /an authority signed another authority, which it may not/,
  };
}

function noAuthority(): Row {
  const issuer = workshop.make("No Authority", { signer: root, extensions: ["basicConstraints=critical,CA:false"] });
  const made = leaf({ signer: issuer });
  return {
    peer: { cert: made.cert + issuer.cert, key: made.key },
    code: "TLS_CERTIFICATE_UNFIT",
    status: 78,
    says: /is not made for this/,
  };
}

describe("a TLS server is accepted with", () => {
  it.each(Object.entries(accepted))("%s", async (_name, row) => {
    const link = await meet(row);
    expect(link).not.toBeInstanceOf(Error);
    expect(link).toMatchObject({ warnings: [] });
  });

  it("a common name only where ca_file holds that very certificate, and with a warning", async () => {
    expect(await meet(selfSigned({}))).toMatchObject({ warnings: [{ code: "TLS_NAMED_BY_COMMON_NAME" }] });
    expect(await meet({ ...selfSigned({}, "127.0.0.1"), host: "127.0.0.1" })).toMatchObject({
      warnings: [{ code: "TLS_NAMED_BY_COMMON_NAME" }],
    });
  });
});

describe("a TLS server is refused, and the true cause comes first, with", () => {
  it.each(Object.entries(refused))("%s", async (_name, row) => {
    const error = await meet(row);
    if (!ProvisioningError.is(error)) throw new Error("it was accepted");
    const [first = ""] = error.message.split("\n");
    expect(`${error.errorCode} ${error.exitStatus} ${first}`).toMatch(
      new RegExp(`^${row.code} ${row.status} (localhost|127)`),
    );
    expect(first).toMatch(row.says);
    if (row.lines !== undefined) expect(error.message).toMatch(row.lines);
  });

  it.each(["no byte", "one byte of the handshake"])("a stall after %s", async (heard) => {
    const controller = new AbortController();
    await using server = await listen((socket) => {
      socket.once("data", () => {
        if (heard !== "no byte") socket.write(Buffer.from([22]));
        controller.abort(new Expired("the time is up"));
      });
    });
    const connecting = connect({ host: "localhost", port: server.port, tls: trusting(root.cert) }, controller.signal);
    await expect(connecting).rejects.toMatchObject({
      errorCode: "TLS_STALLED",
      exitStatus: 75,
      message: expect.stringMatching(/the address answers, but (the TLS handshake was not answered|TLS was begun)/),
    });
  });
});
