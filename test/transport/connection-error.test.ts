import { describe, expect, it } from "vitest";
import { causesOf } from "../../src/model/error-kind.ts";
import { errorKind } from "../../src/model/errors.ts";
import { connectionError } from "../../src/transport/connection-error.ts";
import { place } from "../../src/transport/link.ts";

const plain = { host: "192.0.2.7", port: 1883 };
const tls = { host: "tb.example", port: 8883, tls: {} };

function failure(code: string): Error {
  return Object.assign(new Error(`connect ${code}`), { code });
}

describe("the error of a connection that could not be opened", () => {
  for (const [code, names] of Object.entries({
    HOST_NOT_FOUND: ["ENOTFOUND", "EAI_NONAME", "EAI_NODATA", "EAI_ADDRFAMILY"],
    RESOLVER_SILENT: ["EAI_AGAIN", "EAI_FAIL", "EAI_SYSTEM"],
    CONNECTION_REFUSED: ["ECONNREFUSED"],
    NETWORK_UNREACHABLE: [
      "ENETUNREACH",
      "EHOSTUNREACH",
      "ENETDOWN",
      "EHOSTDOWN",
      "ENONET",
      "EADDRNOTAVAIL",
      "EAFNOSUPPORT",
    ],
    CONNECTION_FORBIDDEN: ["EACCES", "EPERM"],
    CONNECT_TIMEOUT: ["ETIMEDOUT"],
    ADDRESS_UNUSABLE: ["EINVAL"],
    LOCAL_RESOURCES_EXHAUSTED: ["EMFILE", "ENFILE", "ENOBUFS", "ENOMEM", "EADDRINUSE", "EAI_MEMORY"],
    CONNECTION_LOST: ["ECONNRESET", "ECONNABORTED", "EPIPE", "EPROTO"],
    NETWORK_ERROR: ["ENEW", "ERR_NEW", "constructor", "__proto__"],
  })) {
    it(`is ${code} for ${names.join(", ")}, in a sentence of its own`, () => {
      for (const name of names) {
        const cause = failure(name);
        const error = connectionError(plain, cause);
        expect(error).toMatchObject({ errorCode: code, cause });
        expect(error.message).toMatch(/^192\.0\.2\.7:1883 \(plain text\): [a-z].{20,} \(\w+\)$/);
        expect(error.message.endsWith(`(${name})`)).toBe(true);
      }
    });
  }

  it("asks to be reported where no table has it", () => {
    const { message } = connectionError(plain, failure("ENEW"));
    expect(message).toContain("in no table here (connect ENEW); please report it (ENEW)");
  });

  it("is not tried again for an address without its interface, and says how it is written", () => {
    const error = connectionError({ host: "fe80::1", port: 1883 }, failure("EINVAL"));
    expect(error).toMatchObject({ isRetryable: false, exitStatus: 78 });
    expect(error.message).toContain("as in fe80::1%eth0 (EINVAL)");
  });

  it("is CONNECTION_LOST where nobody says why", () => {
    expect(connectionError(plain, new Error("closed while connecting"))).toMatchObject({
      errorCode: "CONNECTION_LOST",
      message: "192.0.2.7:1883 (plain text): closed while connecting",
    });
  });

  it("is of the type NETWORK, or AUTH for certificates, as the specification wants it", () => {
    expect(errorKind(connectionError(plain, failure("ECONNREFUSED")).errorCode).type).toBe("NETWORK");
    const handshake = { chain: [], heard: true, now: new Date() };
    const expired = connectionError(tls, failure("CERT_HAS_EXPIRED"), { addresses: [], handshake });
    expect(errorKind(expired.errorCode).type).toBe("AUTH");
  });

  const of = (...codes: readonly string[]) => connectionError(plain, new AggregateError(codes.map(failure))).errorCode;

  it("is that of the address which got farthest, when a name has several", () => {
    expect(of("ENETUNREACH", "ECONNREFUSED")).toBe("CONNECTION_REFUSED");
    expect(of("ECONNREFUSED", "ENETUNREACH")).toBe("CONNECTION_REFUSED");
    expect(of("EADDRNOTAVAIL", "ETIMEDOUT", "ECONNREFUSED")).toBe("CONNECT_TIMEOUT");
    expect(of("ENETUNREACH", "EHOSTUNREACH")).toBe("NETWORK_UNREACHABLE");
    expect(of()).toBe("CONNECTION_LOST");
  });

  it("names every address that was tried, and none twice", () => {
    const refused = connectionError(tls, failure("ECONNREFUSED"), { addresses: ["2001:db8::7", "192.0.2.7"] });
    expect(refused.message).toBe("tb.example:8883 (TLS, 2001:db8::7, 192.0.2.7): nothing listens there (ECONNREFUSED)");
    expect(place(plain, ["192.0.2.7"])).toBe("192.0.2.7:1883 (plain text)");
  });

  const environment = { HTTPS_PROXY: "", http_proxy: "http://camera:secretOfProxy@proxy.example:3128" };

  it.each(["ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ENETUNREACH", "EHOSTUNREACH", "ETIMEDOUT", "EPERM"])(
    "of %s names the variable of a proxy that is not obeyed, once no proxy is used, and not what it holds",
    (code) => {
      const { message } = connectionError(tls, failure(code), { addresses: [], environment });
      expect(message).toMatch(/\n {2}http_proxy is set and not obeyed here: if only a proxy [^@]+$/);
      const proxy = { host: "proxy.example", port: 3128 };
      expect(connectionError({ ...tls, proxy }, failure(code), { addresses: [], environment }).message).not.toContain(
        "set",
      );
      expect(
        connectionError(tls, failure(code), { addresses: [], environment: { http_proxy: "" } }).message,
      ).not.toContain("obeyed");
    },
  );

  it("names no variable where the server was reached, or the address cannot be used", () => {
    for (const code of ["ECONNRESET", "EINVAL", "EMFILE"]) {
      expect(connectionError(plain, failure(code), { addresses: [], environment }).message).not.toContain("http_proxy");
    }
  });

  it("says that a server which refuses is this camera itself, and only then", () => {
    const itself = "nothing listens there, and that is this camera itself, or the container it runs in (ECONNREFUSED)";
    const refusal = (host: string, ...addresses: string[]) =>
      connectionError({ host, port: 1883 }, failure("ECONNREFUSED"), { addresses }).message;
    expect(refusal("localhost", "::1", "127.0.0.1")).toBe(`localhost:1883 (plain text, ::1, 127.0.0.1): ${itself}`);
    expect(refusal("localhost")).toBe(`localhost:1883 (plain text): ${itself}`);
    expect(refusal("::1")).toBe(`[::1]:1883 (plain text): ${itself}`);
    expect(refusal("tb.example", "127.0.1.1")).toBe(`tb.example:1883 (plain text, 127.0.1.1): ${itself}`);
    // Where servers listen is no place to go to: the system takes it for this machine.
    for (const host of ["0.0.0.0", "::"]) expect(refusal(host)).toContain(itself);
    for (const address of ["192.0.2.7", "::1f", "2001:db8::1"]) {
      expect(refusal("tb.example", address)).toMatch(/: nothing listens there \(ECONNREFUSED\)$/);
    }
    expect(causesOf(errorKind("CONNECTION_REFUSED")).join()).not.toContain("localhost");
  });

  it("names the place with brackets around an IPv6 address", () => {
    expect(place({ host: "fe80::1", port: 1883 })).toBe("[fe80::1]:1883 (plain text)");
    expect(place(tls)).toBe("tb.example:8883 (TLS)");
  });
});
