import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { checkCertificate } from "../../src/check/certificate.ts";
import { authorityFile, identity } from "../fixtures/tls/certificates.ts";
import { Workshop } from "../transport/workshop.ts";

const leaf = new X509Certificate(identity("server").cert);
const authority = new X509Certificate(readFileSync(authorityFile()));
const day = 24 * 60 * 60 * 1000;

/** The lines about the ends of both certificates, `days` before that of `whose`. */
function endsBefore(whose: X509Certificate, days: number, chain = [leaf, authority]) {
  const now = new Date(Date.parse(whose.validTo) - days * day);
  const lines = checkCertificate({ version: "TLSv1.3", cipher: "TLS_AES_256_GCM_SHA384", chain }, now);
  expect(lines.slice(0, 2).map(({ name, state }) => [name, state])).toEqual([
    ["version", "ok"],
    ["certificate", "ok"],
  ]);
  return lines.slice(2).map(({ name, state, found }) => `${name}: ${state}: ${found}`);
}

const onItsDate = ({ validTo }: X509Certificate) => `on ${new Date(validTo).toISOString().slice(0, 10)}`;

describe("how long a certificate will do", () => {
  it("is warned about for the server's own when 30 days are left", () => {
    expect(endsBefore(leaf, 30)[0]).toBe(`certificate's end: ok: in 30 days, ${onItsDate(leaf)}`);
    expect(endsBefore(leaf, 29.9)[0]).toBe(`certificate's end: warning: in 29 days, ${onItsDate(leaf)}`);
  });

  it("is warned about when a third of a short life is left", () => {
    using workshop = new Workshop();
    const short = new X509Certificate(workshop.make("thirty days").cert);
    expect(endsBefore(short, 10.1, [short])[0]).toBe(`certificate's end: ok: in 10 days, ${onItsDate(short)}`);
    expect(endsBefore(short, 9.9, [short])[0]).toBe(`certificate's end: warning: in 9 days, ${onItsDate(short)}`);
  });

  it("is warned about for the authority when 90 days are left", () => {
    expect(endsBefore(authority, 90)[1]).toBe(`authority's end: ok: in 90 days, ${onItsDate(authority)}`);
    expect(endsBefore(authority, 89.9)[1]).toBe(`authority's end: warning: in 89 days, ${onItsDate(authority)}`);
  });

  it("is told in the past where a certificate is over and still let in", () => {
    expect(endsBefore(leaf, -0.1)[0]).toBe(`certificate's end: warning: was ${onItsDate(leaf)}`);
    expect(endsBefore(authority, -400)[1]).toBe(`authority's end: warning: was ${onItsDate(authority)}`);
  });

  it("is told of the server's own alone where nothing else was seen", () => {
    expect(endsBefore(leaf, 100, [leaf])).toEqual([`certificate's end: ok: in 100 days, ${onItsDate(leaf)}`]);
  });
});
