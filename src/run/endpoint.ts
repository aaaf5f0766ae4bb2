import { readAuthorities, theSystem } from "../files/authorities.ts";
import type { ConnectionChoices } from "../model/connection-choices.ts";
import { ProvisioningError } from "../model/errors.ts";
import type { ProvisioningCredentials } from "../model/provisioning-credentials.ts";
import type { ServerTls } from "../model/thermal-config.ts";
import type { Endpoint, TlsSettings } from "../transport/link.ts";
import type { Surroundings } from "./surroundings.ts";

type Choices = Pick<Surroundings, "files" | "directory" | "requireTls" | "caFile" | "serverName" | "pinnedPublicKeys">;

/** Where a server is, and what is said of how to reach it. */
export type Address = Pick<ProvisioningCredentials, "host" | "serverPort" | "useSsl"> & ConnectionChoices;

/** Where to connect, and whom to trust there: what the caller says outranks `provision.json`. */
export function endpointOf(choices: Choices, credentials: Address): Endpoint {
  const { host, serverPort: port, useSsl } = credentials;
  if (useSsl) return { host, port, tls: tlsSettings(choices, credentials) };
  if (choices.requireTls) {
    throw new ProvisioningError("TLS_REQUIRED", "--require-tls was given, and provision.json asks for plain text");
  }
  if (credentials.requireTls) {
    throw new ProvisioningError("TLS_REQUIRED", "provision.json asks for plain text, and says require_tls");
  }
  return { host, port };
}

/** What the camera's own client needs to connect the same way; nothing over plain text. */
export function tlsToWrite(
  given: Pick<Choices, "caFile" | "serverName" | "pinnedPublicKeys">,
  { useSsl, caFile, serverName, pinnedPublicKeys }: ProvisioningCredentials,
): ServerTls {
  if (!useSsl) return {};
  const files = [given.caFile ?? caFile ?? theSystem].flat();
  const name = given.serverName ?? serverName;
  const keys = given.pinnedPublicKeys ?? pinnedPublicKeys;
  return {
    // The system's alone is what every client trusts anyway.
    ...(files.every((file) => file === theSystem) ? {} : { caFile: files }),
    ...(name === undefined ? {} : { serverName: name }),
    ...(keys === undefined ? {} : { pinnedPublicKeys: keys }),
  };
}

function tlsSettings(
  { files, directory, ...given }: Choices,
  { caFile, serverName, pinnedPublicKeys }: Address,
): TlsSettings {
  const { certificates, named, alsoNodes, inWords } = readAuthorities(files, directory, given.caFile ?? caFile);
  const name = given.serverName ?? serverName;
  const keys = given.pinnedPublicKeys ?? pinnedPublicKeys;
  return {
    named,
    alsoNodes,
    trusted: inWords,
    ...(certificates === undefined ? {} : { authorities: certificates }),
    ...(name === undefined ? {} : { serverName: name }),
    ...(keys === undefined ? {} : { pinnedPublicKeys: keys }),
  };
}
