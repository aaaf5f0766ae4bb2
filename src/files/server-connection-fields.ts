import * as v from "valibot";
import type { ServerConnection } from "../model/thermal-config.ts";
import type { Members } from "./json/json-edit.ts";

/** The keys in `server` by which the camera's own client reaches and verifies the server as it was done here. */
export const serverConnectionEntries = {
  ca_file: v.pipe(
    v.union([v.string(), v.array(v.string())]),
    v.description(
      "An addition of thermal-provision. The PEM files, relative to this folder, by which the server's certificate was verified; absent: the system's authorities.",
    ),
  ),
  server_name: v.pipe(
    v.string(),
    v.description("An addition of thermal-provision. The name that the certificate was verified for; absent: url."),
  ),
  pinned_public_keys: v.pipe(
    v.array(v.string()),
    v.description("An addition of thermal-provision. Keys of which one was in the server's certificate chain."),
  ),
  client_certificate_file: v.pipe(
    v.string(),
    v.description(
      "An addition of thermal-provision. The certificate, relative to this folder, that was shown in TLS to what stands before the server.",
    ),
  ),
  client_key_file: v.pipe(
    v.string(),
    v.description("An addition of thermal-provision. The private key of client_certificate_file."),
  ),
  proxy: v.pipe(
    v.string(),
    v.description(
      "An addition of thermal-provision. The HTTP proxy that leads to the server, without its password; the camera's own client must use it, too.",
    ),
  ),
};

export function writeServerConnection(connection: ServerConnection): Members {
  const { caFile = [], serverName, pinnedPublicKeys, clientCertificate: shown, proxy } = connection;
  const [first = "", ...others] = caFile;
  return {
    ...(caFile.length === 0 ? {} : { ca_file: others.length === 0 ? first : caFile }),
    ...(serverName === undefined ? {} : { server_name: serverName }),
    ...(pinnedPublicKeys === undefined ? {} : { pinned_public_keys: pinnedPublicKeys }),
    ...(shown && { client_certificate_file: shown.certificateFile, client_key_file: shown.privateKeyFile }),
    ...(proxy === undefined ? {} : { proxy }),
  };
}
