import { readAuthorities, theSystem } from "../files/authorities.ts";
import { readClientCertificate } from "../files/client-certificate.ts";
import type { ConnectionChoices } from "../model/connection-choices.ts";
import { ProvisioningError } from "../model/errors.ts";
import type { ClientCertificateFiles, LoginChoices } from "../model/login-choices.ts";
import type { ProvisioningCredentials } from "../model/provisioning-credentials.ts";
import { type HttpProxy, parseProxy, proxyForm, proxyUrl } from "../model/proxy.ts";
import type { ServerConnection } from "../model/thermal-config.ts";
import type { Endpoint, TlsSettings } from "../transport/link.ts";
import type { Surroundings } from "./surroundings.ts";

type Choices = Pick<
  Surroundings,
  "files" | "directory" | "requireTls" | "caFile" | "serverName" | "pinnedPublicKeys" | "proxy"
>;

/** Where a server is, and what is said of how to reach it. */
export type Address = Pick<ProvisioningCredentials, "host" | "serverPort" | "useSsl"> &
  Pick<LoginChoices, "credentialsType" | "clientCertificate"> &
  ConnectionChoices;

/** Where to connect, and whom to trust there: what the caller says outranks `provision.json`. */
export function endpointOf(choices: Choices, credentials: Address): Endpoint {
  const { host, serverPort: port, useSsl } = credentials;
  const proxy = proxyOf(choices, credentials);
  const way = proxy === undefined ? {} : { proxy };
  if (useSsl) return { host, port, tls: tlsSettings(choices, credentials), ...way };
  if (choices.requireTls) {
    throw new ProvisioningError("TLS_REQUIRED", "--require-tls was given, and provision.json asks for plain text");
  }
  if (credentials.requireTls) {
    throw new ProvisioningError("TLS_REQUIRED", "provision.json asks for plain text, and says require_tls");
  }
  return { host, port, ...way };
}

/** @throws ProvisioningError USAGE for an option that is not a proxy */
export function proxyOf(
  choices: Pick<Choices, "proxy">,
  { proxy }: Pick<ConnectionChoices, "proxy">,
): HttpProxy | undefined {
  if (choices.proxy === undefined) return proxy;
  const given = parseProxy(choices.proxy);
  if (given === undefined) throw new ProvisioningError("USAGE", `the option proxy has another form than ${proxyForm}`);
  if (given.credentials === undefined) return given;
  // Every user of the machine sees the parameters of its programs.
  throw new ProvisioningError(
    "USAGE",
    "the option proxy takes no user name and password; write them into provision.json",
  );
}

/** What the camera's own client needs to connect the same way. */
export function connectionToWrite(
  given: Pick<Choices, "caFile" | "serverName" | "pinnedPublicKeys" | "proxy">,
  credentials: ProvisioningCredentials,
): ServerConnection {
  const { useSsl, caFile, serverName, pinnedPublicKeys, proxy: written } = credentials;
  const proxy = proxyOf(given, written === undefined ? {} : { proxy: written });
  const way = proxy === undefined ? {} : { proxy: proxyUrl(proxy) };
  if (!useSsl) return way;
  const files = [given.caFile ?? caFile ?? theSystem].flat();
  const name = given.serverName ?? serverName;
  const keys = given.pinnedPublicKeys ?? pinnedPublicKeys;
  const shown = shownBesides(credentials);
  return {
    ...way,
    // The system's alone is what every client trusts anyway.
    ...(files.every((file) => file === theSystem) ? {} : { caFile: files }),
    ...(name === undefined ? {} : { serverName: name }),
    ...(keys === undefined ? {} : { pinnedPublicKeys: keys }),
    ...(shown === undefined ? {} : { clientCertificate: shown }),
  };
}

/** What is shown in every handshake, beside a login of another kind. */
export function shownBesides({
  credentialsType,
  clientCertificate,
}: Pick<LoginChoices, "credentialsType" | "clientCertificate">): ClientCertificateFiles | undefined {
  return credentialsType === "X509_CERTIFICATE" ? undefined : clientCertificate;
}

function tlsSettings(
  { files, directory, ...given }: Choices,
  { caFile, serverName, pinnedPublicKeys, ...login }: Address,
): TlsSettings {
  const { certificates, named, alsoNodes, inWords } = readAuthorities(files, directory, given.caFile ?? caFile);
  const name = given.serverName ?? serverName;
  const keys = given.pinnedPublicKeys ?? pinnedPublicKeys;
  const shown = shownBesides(login);
  return {
    named,
    alsoNodes,
    trusted: inWords,
    ...(certificates === undefined ? {} : { authorities: certificates }),
    ...(name === undefined ? {} : { serverName: name }),
    ...(keys === undefined ? {} : { pinnedPublicKeys: keys }),
    ...(shown === undefined ? {} : { clientCertificate: readClientCertificate(files, directory, shown) }),
  };
}
