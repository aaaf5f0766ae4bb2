import { describe, expect, it } from "vitest";
import { errorKind } from "../../src/model/errors.ts";
import { connectionError, place } from "../../src/transport/connection-error.ts";

const plain = { host: "192.0.2.7", port: 1883 };
const tls = { host: "tb.example", port: 8883, tls: {} };

function failure(code: string): Error {
  return Object.assign(new Error(`connect ${code}`), { code });
}

describe("the error of a connection that could not be opened", () => {
  for (const [code, names] of Object.entries({
    HOST_NOT_FOUND: ["ENOTFOUND", "EAI_AGAIN", "EAI_FAIL"],
    CONNECTION_REFUSED: ["ECONNREFUSED"],
    NETWORK_UNREACHABLE: ["ENETUNREACH", "EHOSTUNREACH", "ENETDOWN", "EHOSTDOWN", "EADDRNOTAVAIL", "EACCES", "EPERM"],
    CONNECT_TIMEOUT: ["ETIMEDOUT"],
    TLS_NOT_YET_VALID: ["CERT_NOT_YET_VALID"],
    TLS_EXPIRED: ["CERT_HAS_EXPIRED"],
    TLS_WRONG_HOST: ["ERR_TLS_CERT_ALTNAME_INVALID"],
    TLS_UNTRUSTED: [
      "DEPTH_ZERO_SELF_SIGNED_CERT",
      "SELF_SIGNED_CERT_IN_CHAIN",
      "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
      "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
      "CERT_SIGNATURE_FAILURE",
      "INVALID_PURPOSE",
    ],
    TLS_FAILED: ["ECONNRESET", "EPROTO", "ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION", "constructor", "__proto__"],
  })) {
    it(`is ${code} for ${names.join(", ")}`, () => {
      for (const name of names) {
        const cause = failure(name);
        const error = connectionError(tls, cause);
        expect(error).toMatchObject({ errorCode: code, cause });
        expect(error.message).toMatch(/^tb\.example:8883 \(TLS\): [a-zA-Z' ]{10,}\(/);
        expect(error.message.endsWith(`(${name})`)).toBe(true);
      }
    });
  }

  it("is CONNECTION_LOST for anything else on plain text", () => {
    expect(connectionError(plain, failure("ECONNRESET"))).toMatchObject({
      errorCode: "CONNECTION_LOST",
      message: "192.0.2.7:1883 (plain text): the connection was closed (ECONNRESET)",
    });
    expect(connectionError(plain, new Error("closed while connecting"))).toMatchObject({
      errorCode: "CONNECTION_LOST",
      message: "192.0.2.7:1883 (plain text): closed while connecting",
    });
  });

  it("is of the type NETWORK, or AUTH for certificates, as the specification wants it", () => {
    expect(errorKind(connectionError(plain, failure("ECONNREFUSED")).errorCode).type).toBe("NETWORK");
    expect(errorKind(connectionError(tls, failure("CERT_HAS_EXPIRED")).errorCode).type).toBe("AUTH");
  });

  const of = (...codes: readonly string[]) => connectionError(plain, new AggregateError(codes.map(failure))).errorCode;

  it("is that of the address which got farthest, when a name has several", () => {
    expect(of("ENETUNREACH", "ECONNREFUSED")).toBe("CONNECTION_REFUSED");
    expect(of("ECONNREFUSED", "ENETUNREACH")).toBe("CONNECTION_REFUSED");
    expect(of("EADDRNOTAVAIL", "ETIMEDOUT", "ECONNREFUSED")).toBe("CONNECT_TIMEOUT");
    expect(of("ENETUNREACH", "EHOSTUNREACH")).toBe("NETWORK_UNREACHABLE");
    expect(of()).toBe("CONNECTION_LOST");
  });

  it("names the place with brackets around an IPv6 address", () => {
    expect(place({ host: "fe80::1", port: 1883 })).toBe("[fe80::1]:1883 (plain text)");
    expect(place(tls)).toBe("tb.example:8883 (TLS)");
  });
});
