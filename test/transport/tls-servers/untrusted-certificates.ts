import { forLocalhost } from "../workshop.ts";
import { trusting, withChain } from "./authorities.ts";
import type { TlsServer, TlsServers } from "./tls-server.ts";

const signedByStranger = 'the server\'s certificate comes from "Corp Inspection CA", whom this camera does not trust';

function incomplete(issuer: string, meets: TlsServer["meets"]): TlsServer {
  const says = `the server sent its certificate without that of its issuer "${issuer}", which is not among those trusted here`;
  return { ends: "TLS_CHAIN_INCOMPLETE 78", says, meets };
}

function untrusted(says: string, meets: TlsServer["meets"]): TlsServer {
  return { ends: "TLS_UNTRUSTED 78", says, meets };
}

function badFile(says: string, meets: TlsServer["meets"]): TlsServer {
  return { ends: "AUTHORITIES_FILE_INVALID 78", says: `FOLDER/${says}`, meets };
}

/** Whom the certificate comes from is not whom the camera trusts. */
export const untrustedCertificates: TlsServers = {
  "one certificate, of an authority that is not trusted": incomplete("Corp Inspection CA", (from) => ({
    peer: from.leaf({ signer: from.stranger }),
  })),
  "the leaf alone, without its intermediate": incomplete("Test Intermediate", ({ below }) => ({ peer: below })),
  "no authority of the system's": incomplete("Test Root", ({ good }) => ({ peer: good, settings: {} })),
  "a chain up to a root that is not trusted": untrusted(signedByStranger, (from) => ({
    peer: withChain(from.leaf({ signer: from.stranger }), from.stranger),
  })),
  "a chain whose root is neither sent nor trusted": untrusted(
    'the server\'s certificate comes from "Test Root", whom this camera does not trust',
    ({ below, intermediate, stranger }) => ({
      peer: withChain(below, intermediate),
      settings: trusting(stranger.cert),
    }),
  ),
  "120 certificates, none of them that of its issuer": incomplete("Corp Inspection CA", (from) => ({
    peer: withChain(from.leaf({ signer: from.stranger }), ...Array.from({ length: 120 }, () => from.intermediate)),
  })),
  "an authority of the same name with another key": untrusted(
    'the certificate was not signed by the "Test Root" that is trusted here, but by another of that name',
    (from) => ({ peer: from.leaf({ signer: from.authority("Test Root") }) }),
  ),
  "a certificate that signed itself": untrusted(
    "the server's certificate signed itself, and is not among those trusted here",
    (from) => ({ peer: from.make("localhost", { extensions: [forLocalhost] }) }),
  ),
  "an authority's certificate that signed itself": untrusted(
    "the server's certificate signed itself, and is not among those trusted here",
    (from) => ({ peer: from.authority("localhost", { extensions: [forLocalhost] }) }),
  ),
  "an issuer whose name would clear a terminal": incomplete("\\1B[2J\\u{202e}CA", (from) => ({
    peer: from.leaf({ signer: from.authority("\u001b[2J\u202eCA") }),
  })),
  "an issuer without a common name": incomplete("O=Example Ltd", (from) => ({
    peer: from.leaf({ signer: from.authority("", { subject: "/O=Example Ltd" }) }),
  })),
  "another pinned key": {
    ends: "TLS_PIN_MISMATCH 78",
    says: "no certificate of the server has one of the pinned_public_keys: the keys are PIN, PIN",
    meets: (from) => ({ peer: from.good, settings: from.pinning(from.stranger) }),
  },
  "the pinned key of a certificate that signed nothing of it": {
    ends: "TLS_PIN_MISMATCH 78",
    says: "no certificate of the server has one of the pinned_public_keys: the keys are PIN, PIN",
    meets: (from) => ({ peer: withChain(from.good, from.stranger), settings: from.pinning(from.stranger) }),
  },
  "ca_file in DER": badFile(
    "ca.crt holds a certificate in DER form; convert it to PEM: openssl x509 -inform der -in ca.crt -out ca.pem",
    (from) => ({ peer: from.good, settings: from.caFile(from.der(from.root), "ca.crt") }),
  ),
  "ca_file with the private key": badFile("ca.pem holds no certificate in PEM form", (from) => ({
    peer: from.good,
    settings: from.caFile(from.root.key),
  })),
  "ca_file that is empty": badFile("ca.pem holds no certificate in PEM form", (from) => ({
    peer: from.good,
    settings: from.caFile(""),
  })),
  "ca_file that ends in its middle": badFile("ca.pem holds no certificate in PEM form", (from) => ({
    peer: from.good,
    settings: from.caFile(from.root.cert.slice(0, 200)),
  })),
  "ca_file with a line lost": badFile(
    "ca.pem holds a certificate that cannot be read, number 1 in the file",
    (from) => ({
      peer: from.good,
      settings: from.caFile(from.root.cert.replace(/\n[^\n]+\n/, "\n")),
    }),
  ),
};
