import { resolve } from "node:path";
import type { ProvisionOptions } from "../../run/provision-options.ts";
import type { Arguments } from "./command.ts";
import { flag, text, texts } from "./option-kinds.ts";

/** What can be said of the way to the server besides what `provision.json` says. */
export const connectionOptions = {
  requireTls: flag("--require-tls", "refuse to speak plain text"),
  caFile: texts(
    "--ca-file <file>",
    'trust these certificates (PEM); several times for several; "system" is the system\'s',
  ),
  serverName: text("--server-name <name>", "the name that the server's certificate must have, instead of the host"),
  proxy: text("--proxy <url>", "the HTTP proxy that leads to the server: http://proxy.example:3128"),
  pins: texts("--pinned-public-key <key>", "a key (sha256/...) of which one must be in the server's certificate chain"),
};

type ConnectionChoices = Pick<ProvisionOptions, "requireTls" | "caFile" | "serverName" | "proxy" | "pinnedPublicKeys">;

/** The same for the library. */
export function connectionChoices(args: Arguments): ConnectionChoices {
  const caFile = args.of(connectionOptions.caFile);
  const serverName = args.of(connectionOptions.serverName);
  const proxy = args.of(connectionOptions.proxy);
  const pinnedPublicKeys = args.of(connectionOptions.pins);
  return {
    requireTls: args.of(connectionOptions.requireTls),
    // As the shell sees it; relative to the camera's folder is what provision.json says.
    ...(caFile.length === 0 ? {} : { caFile: caFile.map((name) => (name === "system" ? name : resolve(name))) }),
    ...(serverName === undefined ? {} : { serverName }),
    ...(proxy === undefined ? {} : { proxy }),
    ...(pinnedPublicKeys.length === 0 ? {} : { pinnedPublicKeys }),
  };
}
