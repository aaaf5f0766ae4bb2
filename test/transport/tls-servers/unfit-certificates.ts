import { forLocalhost, type Wishes } from "../workshop.ts";
import { trusting, withChain } from "./authorities.ts";
import type { TlsServer, TlsServers } from "./tls-server.ts";

/** A server whose own OpenSSL minds nothing. */
const permissive = { ciphers: "DEFAULT:@SECLEVEL=0" };

const past = ["20200101000000Z", "20210101000000Z"] as const;
const future = ["21200101000000Z", "21300101000000Z"] as const;

function unfit(whose: "own" | "or one", reason: string, meets: TlsServer["meets"]): TlsServer {
  const which = whose === "own" ? "the server's own certificate" : "the server's certificate, or one that signed it,";
  return { ends: "TLS_CERTIFICATE_UNFIT 78", says: `${which} is not made for this: ${reason}`, meets };
}

function tooWeak(says: string, meets: TlsServer["meets"]): TlsServer {
  return { ends: "TLS_TOO_WEAK 78", says, meets };
}

const weakKey = "a key of the server, or of its authority, is too weak";
const weakSignature = "a certificate of the server is signed with SHA-1, or another digest that is too weak";

/** Weak, out of date, or made for something else. */
export const unfitCertificates: TlsServers = {
  "a certificate that has expired": {
    ends: "TLS_EXPIRED 75",
    says: 'by this camera\'s clock (NOW) "localhost" expired on 2021-01-01 00:00 UTC',
    meets: (from) => ({ peer: from.leaf({ valid: past }) }),
  },
  "an intermediate authority that has expired": {
    ends: "TLS_EXPIRED 75",
    says: 'by this camera\'s clock (NOW) "Old Intermediate" expired on 2021-01-01 00:00 UTC',
    meets: (from) => {
      const old = from.authority("Old Intermediate", { signer: from.root, valid: past });
      return { peer: withChain(from.leaf({ signer: old }), old) };
    },
  },
  "a root that has expired": {
    ends: "TLS_EXPIRED 75",
    says: 'by this camera\'s clock (NOW) "Old Root" expired on 2021-01-01 00:00 UTC',
    meets: (from) => {
      const old = from.authority("Old Root", { valid: past });
      return { peer: from.leaf({ signer: old }), settings: trusting(old.cert) };
    },
  },
  "a certificate that is not valid yet": {
    ends: "TLS_NOT_YET_VALID 75",
    says: 'by this camera\'s clock (NOW) "localhost" is valid from 2120-01-01 00:00 UTC only',
    meets: (from) => ({ peer: from.leaf({ valid: future }) }),
  },
  "a root that is not valid yet": {
    ends: "TLS_NOT_YET_VALID 75",
    says: 'by this camera\'s clock (NOW) "New Root" is valid from 2120-01-01 00:00 UTC only',
    meets: (from) => {
      const young = from.authority("New Root", { valid: future });
      return { peer: from.leaf({ signer: young }), settings: trusting(young.cert) };
    },
  },
  "an RSA key of 1024 bits": tooWeak(weakKey, (from) => ({ peer: { ...from.leaf({ key: 1024 }), ...permissive } })),
  "an RSA key of 1024 bits that signed itself": tooWeak(weakKey, (from) => {
    const made = from.make("localhost", { key: 1024, extensions: [forLocalhost] });
    return { peer: { ...made, ...permissive }, settings: trusting(made.cert) };
  }),
  "an authority with RSA of 1024 bits": tooWeak(weakKey, (from) => {
    const weak = from.authority("Weak Root", { key: 1024 });
    return { peer: { ...from.leaf({ signer: weak }), ...permissive }, settings: trusting(weak.cert) };
  }),
  "a signature with SHA-1": tooWeak(weakSignature, (from) => ({
    peer: { ...from.leaf({ digest: "sha1" }), ...permissive },
  })),
  "an intermediate signed with SHA-1": tooWeak(weakSignature, (from) => {
    const old = from.authority("Old Intermediate", { signer: from.root, digest: "sha1" });
    return { peer: { ...withChain(from.leaf({ signer: old }), old), ...permissive } };
  }),
  "a certificate for clients": unfit(
    "or one",
    "it may be used by clients, or for something else, but not by a server",
    leafWith("extendedKeyUsage=clientAuth"),
  ),
  "a certificate for signing code": unfit(
    "or one",
    "it may be used by clients, or for something else, but not by a server",
    leafWith("extendedKeyUsage=codeSigning"),
  ),
  "a key that may sign lists of revoked certificates only": unfit(
    "or one",
    "it may be used by clients, or for something else, but not by a server",
    leafWith("keyUsage=critical,cRLSign"),
  ),
  "a certificate for clients that signed itself": unfit(
    "own",
    "it may be used by clients, or for something else, but not by a server",
    (from) => from.selfSigned({ extensions: [forLocalhost, "extendedKeyUsage=clientAuth"] }),
  ),
  "a critical extension that nobody understands": unfit(
    "or one",
    "it holds a critical extension that nobody here understands",
    leafWith("1.2.3.4.5.6=critical,DER:0500"),
  ),
  "a name that its authority may not sign for": unfit(
    "or one",
    "its authority may not sign certificates for this name",
    behind({ extensions: ["basicConstraints=critical,CA:true", "nameConstraints=critical,permitted;DNS:only.test"] }),
  ),
  "a name that is forbidden to its authority": unfit(
    "or one",
    "its authority may not sign certificates for this name",
    behind({ extensions: ["basicConstraints=critical,CA:true", "nameConstraints=critical,excluded;DNS:localhost"] }),
  ),
  "an authority below one that may have none": unfit(
    "or one",
    "an authority signed another authority, which it may not",
    (from) => {
      const upper = from.make("Upper", {
        signer: from.root,
        extensions: ["basicConstraints=critical,CA:true,pathlen:0"],
      });
      const lower = from.authority("Lower", { signer: upper });
      return { peer: withChain(from.leaf({ signer: lower }), lower, upper) };
    },
  ),
  "an issuer that is not an authority": unfit(
    "or one",
    "it was signed by a certificate that is not an authority",
    behind({ extensions: ["basicConstraints=critical,CA:false"] }),
  ),
  "an issuer that may not sign certificates": unfit(
    "or one",
    "it was signed by a certificate that is not an authority",
    behind({ extensions: ["basicConstraints=critical,CA:true", "keyUsage=critical,digitalSignature"] }),
  ),
};

function leafWith(...extensions: readonly string[]): TlsServer["meets"] {
  return (from) => ({ peer: from.leaf({ extensions: [forLocalhost, ...extensions] }) });
}

/** A certificate signed by something between it and the root. */
function behind(wishes: Wishes): TlsServer["meets"] {
  return (from) => {
    const issuer = from.make("Odd Issuer", { signer: from.root, ...wishes });
    return { peer: withChain(from.leaf({ signer: issuer }), issuer) };
  };
}
