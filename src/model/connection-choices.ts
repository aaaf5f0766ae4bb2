import * as v from "valibot";
import { type HttpProxy, parseProxy, proxyForm } from "./proxy.ts";
import { isIpAddress, parseServerUrl } from "./server-address.ts";

/** How the server is reached, and how it proves who it is: what `provision.json` may say of it. */
export interface ConnectionChoices {
  /** Files of certificate authorities (PEM), relative to the folder of `provision.json`; `system` is the system's. */
  readonly caFile?: readonly string[];
  /** The name that the certificate must have, instead of the host. */
  readonly serverName?: string;
  /** `sha256/…`: one of these keys must be in the server's certificate chain. */
  readonly pinnedPublicKeys?: readonly string[];
  readonly requireTls?: boolean;
  /** The HTTP proxy that leads to the server. */
  readonly proxy?: HttpProxy;
}

const file = 'the name of a PEM file, or a list of such names; "system" stands for the system\'s authorities';
const fileName = v.pipe(v.string(file), v.minLength(1, file), v.maxLength(4096, file));
const pin = "sha256/ and 44 characters of base64, such as sha256/AAAA…AAA=";
const pins = "a list of at least one key";
const hostName = "a host name";
const trueOrFalse = "true or false";

/** The keys of `provision.json` about the connection; all of them are ours. */
export const connectionEntries = {
  use_ssl: v.optional(
    v.pipe(
      v.boolean(trueOrFalse),
      v.description("An addition of thermal-provision. Whether to use TLS. Default: on every port but 1883."),
    ),
  ),
  require_tls: v.optional(
    v.pipe(
      v.boolean(trueOrFalse),
      v.description("An addition of thermal-provision. Whether to refuse plain text. Default: false."),
    ),
  ),
  ca_file: v.optional(
    v.pipe(
      v.union([fileName, v.pipe(v.array(fileName, file), v.minLength(1, file))], file),
      v.description(
        "An addition of thermal-provision. PEM files of certificates to trust, beside this file: authorities, or the server's own. \"system\" stands for the system's authorities, which are trusted where this is absent.",
      ),
    ),
  ),
  server_name: v.optional(
    v.pipe(
      v.string(hostName),
      v.check(isServerName, hostName),
      v.description(
        "An addition of thermal-provision. The name that the server's certificate must have, where server_url has another.",
      ),
    ),
  ),
  pinned_public_keys: v.optional(
    v.pipe(
      v.array(v.pipe(v.string(pin), v.regex(/^sha256\/[A-Za-z0-9+/]{43}=$/, pin)), pins),
      v.minLength(1, pins),
      v.description(
        "An addition of thermal-provision. Keys of which one must be in the server's certificate chain; at least two are wise.",
      ),
    ),
  ),
  proxy: v.optional(
    v.pipe(
      v.string(proxyForm),
      v.check((text) => parseProxy(text) !== undefined, proxyForm),
      v.description(
        "An addition of thermal-provision. The HTTP proxy that leads to the server, such as http://proxy.example:3128; user name and password may stand before the host. Variables of the environment are not obeyed.",
      ),
    ),
  ),
};

/** Whether `text` can be asked for in TLS: a bare host name, no address, no port. */
export function isServerName(text: string): boolean {
  const address = parseServerUrl(text);
  return (
    !("expected" in address) && address.port === undefined && address.useSsl === undefined && !isIpAddress(address.host)
  );
}

/** What was written, as a value. */
export function connectionChoices(written: {
  readonly ca_file?: string | readonly string[] | undefined;
  readonly server_name?: string | undefined;
  readonly pinned_public_keys?: readonly string[] | undefined;
  readonly require_tls?: boolean | undefined;
  readonly proxy?: string | undefined;
}): ConnectionChoices {
  const { ca_file: files, server_name: serverName, pinned_public_keys: keys, require_tls: requireTls } = written;
  const proxy = written.proxy === undefined ? undefined : parseProxy(written.proxy);
  return {
    ...(files === undefined ? {} : { caFile: typeof files === "string" ? [files] : files }),
    ...(serverName === undefined ? {} : { serverName }),
    ...(keys === undefined ? {} : { pinnedPublicKeys: keys }),
    ...(requireTls === undefined ? {} : { requireTls }),
    ...(proxy === undefined ? {} : { proxy }),
  };
}
