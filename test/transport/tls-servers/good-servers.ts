import { domainToASCII } from "node:url";
import { forLocalhost } from "../workshop.ts";
import { trusting, withChain } from "./authorities.ts";
import { accepted, type TlsServer, type TlsServers } from "./tls-server.ts";

/** Right in every respect, each in its own way. */
export const goodServers: TlsServers = {
  "a good certificate": accepted(({ good }) => ({ peer: good })),
  "an RSA key of 2048 bits": accepted((from) => ({ peer: from.leaf({ key: 2048 }) })),
  "an EC key of P-384": accepted((from) => ({ peer: from.leaf({ key: "P-384" }) })),
  "an Ed25519 key": accepted((from) => ({ peer: from.leaf({ key: "ED25519" }) })),
  "TLS 1.2 only": accepted(({ good }) => ({ peer: { ...good, maxVersion: "TLSv1.2" } })),
  "TLS 1.3 only": accepted(({ good }) => ({ peer: { ...good, minVersion: "TLSv1.3" } })),
  "TLS 1.2 with ECDHE and ChaCha20": accepted(({ good }) => ({
    peer: { ...good, maxVersion: "TLSv1.2", ciphers: "ECDHE-ECDSA-CHACHA20-POLY1305" },
  })),
  "the whole chain": accepted(({ below, intermediate }) => ({ peer: withChain(below, intermediate) })),
  "the whole chain, and the root": accepted(({ below, intermediate, root }) => ({
    peer: withChain(below, intermediate, root),
  })),
  "the whole chain, in the wrong order": accepted(({ below, intermediate, root }) => ({
    peer: withChain(below, root, intermediate),
  })),
  "a hundred certificates that have nothing to do with it": accepted(({ good, stranger }) => ({
    peer: withChain(good, ...Array.from({ length: 100 }, () => stranger)),
  })),
  "the leaf alone, where ca_file holds root and intermediate": accepted(({ below, root, intermediate }) => ({
    peer: below,
    settings: trusting(root.cert, intermediate.cert),
  })),
  "the whole chain, where ca_file holds the intermediate only": accepted(({ below, intermediate }) => ({
    peer: withChain(below, intermediate),
    settings: trusting(intermediate.cert),
  })),
  "the leaf alone, where ca_file holds that leaf": accepted(({ below }) => ({
    peer: below,
    settings: trusting(below.cert),
  })),
  "the leaf alone, where ca_file holds leaf and intermediate": accepted(({ below, intermediate }) => ({
    peer: below,
    settings: trusting(below.cert, intermediate.cert),
  })),
  "a certificate that signed itself, where ca_file holds it": accepted((from) =>
    from.selfSigned({ extensions: [forLocalhost] }),
  ),
  "its address in the certificate": accepted(({ good }) => ({ peer: good, host: "127.0.0.1" })),
  "a wildcard one label below": accepted((from) => ({
    peer: from.named("DNS:*.cam.test"),
    settings: { ...trusting(from.root.cert), serverName: "x.cam.test" },
  })),
  "a name outside ASCII": accepted((from) => ({
    peer: from.named(`DNS:${domainToASCII("kämra.test")}`),
    settings: { ...trusting(from.root.cert), serverName: domainToASCII("kämra.test") },
  })),
  "the name of server_name": accepted((from) => ({
    peer: from.named("DNS:tb.test"),
    settings: { ...trusting(from.root.cert), serverName: "tb.test" },
  })),
  "one of a hundred names": accepted((from) => ({
    peer: from.named(...Array.from({ length: 99 }, (_, number) => `DNS:other${number}.test`), "DNS:localhost"),
  })),
  "an optional client certificate": accepted(({ good }) => ({
    peer: { ...good, requestCert: true, rejectUnauthorized: false },
  })),
  "no basicConstraints in the leaf": accepted(({ good }) => ({ peer: good })),
  "a wish for a stapled answer about revocation, and none stapled": accepted((from) => ({
    peer: from.leaf({ extensions: [forLocalhost, "tlsfeature=status_request"] }),
  })),
  "a list of revoked certificates elsewhere, which is not fetched": accepted((from) => ({
    peer: from.leaf({ extensions: [forLocalhost, "crlDistributionPoints=URI:http://127.0.0.1:1/crl"] }),
  })),
  "ca_file with CRLF and text around it": accepted((from) => ({
    peer: from.good,
    settings: from.caFile(`subject=Test Root\r\n${from.root.cert.replaceAll("\n", "\r\n")}The end\r\n`),
  })),
  "the pinned key of the leaf": accepted((from) => ({ peer: from.good, settings: from.pinning(from.good) })),
  "the pinned key of the root": accepted((from) => ({ peer: from.good, settings: from.pinning(from.root) })),
  "one of two pinned keys": accepted((from) => ({
    peer: from.good,
    settings: from.pinning(from.stranger, from.good),
  })),
  "a common name only, where ca_file holds that very certificate": byCommonName("localhost"),
  "an address as common name only, where ca_file holds that very certificate": byCommonName("127.0.0.1"),
};

function byCommonName(host: string): TlsServer {
  return {
    ends: "accepted",
    says: "TLS_NAMED_BY_COMMON_NAME",
    meets: (from) => ({ ...from.selfSigned({}, host), host }),
  };
}
