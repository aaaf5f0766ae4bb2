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
  proxy: v.pipe(
    v.string(),
    v.description(
      "An addition of thermal-provision. The HTTP proxy that leads to the server, without its password; the camera's own client must use it, too.",
    ),
  ),
};

export function writeServerConnection({ caFile = [], serverName, pinnedPublicKeys, proxy }: ServerConnection): Members {
  const [first = "", ...others] = caFile;
  return {
    ...(caFile.length === 0 ? {} : { ca_file: others.length === 0 ? first : caFile }),
    ...(serverName === undefined ? {} : { server_name: serverName }),
    ...(pinnedPublicKeys === undefined ? {} : { pinned_public_keys: pinnedPublicKeys }),
    ...(proxy === undefined ? {} : { proxy }),
  };
}
