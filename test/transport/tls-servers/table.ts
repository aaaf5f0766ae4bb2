import { brokenHandshakes } from "./broken-handshakes.ts";
import { goodServers } from "./good-servers.ts";
import { otherServices } from "./other-services.ts";
import type { TlsServers } from "./tls-server.ts";
import { unfitCertificates } from "./unfit-certificates.ts";
import { untrustedCertificates } from "./untrusted-certificates.ts";
import { wrongNames } from "./wrong-names.ts";

/** Every TLS server that a camera is tried with, by what is wrong with it. */
export const tlsServers: Readonly<Record<string, TlsServers>> = {
  "Nothing is wrong": goodServers,
  "The certificate comes from somebody who is not trusted": untrustedCertificates,
  "The certificate is for another name": wrongNames,
  "The certificate is weak, out of date, or made for something else": unfitCertificates,
  "TLS does not come about": brokenHandshakes,
  "Something else answers": otherServices,
};
