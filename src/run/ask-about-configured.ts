import { seconds } from "../base/duration.ts";
import { during } from "../files/disk/file-error.ts";
import { readCredentialsFile } from "../files/provision-json.ts";
import { configuredCandidate } from "../flow/known.ts";
import { ProvisioningError } from "../model/errors.ts";
import type { ConfiguredCredentials } from "../model/thermal-config.ts";
import { warning } from "../model/warnings.ts";
import { type Address, endpointOf } from "./endpoint.ts";
import { proveOnce } from "./prove-once.ts";
import type { Report } from "./report.ts";
import type { Surroundings } from "./surroundings.ts";

/** What a server says of credentials. `not asked`: there are none. */
export type ServersAnswer = "accepted" | "refused" | "no answer" | "not asked";

/**
 * Whether the server of these credentials knows them now. What `provision.json` says of the way there counts where it is
 * about the same server. With `force`, no answer is an answer.
 *
 * @throws ProvisioningError those of a server that cannot be reached, TLS_REQUIRED, AUTHORITIES_FILE_INVALID
 */
export async function askAboutConfigured(
  surroundings: Surroundings,
  report: Report,
  configured: ConfiguredCredentials,
  { force }: { readonly force: boolean },
): Promise<ServersAnswer> {
  report.enter("DETECTING_FILES");
  report.enter("LOADING_CONFIG");
  try {
    const { address, timeout } = wayTo(surroundings, configured);
    if (!address.useSsl) report.warn(warning("PLAIN_TEXT"));
    const endpoint = endpointOf(surroundings, address);
    const asking = { surroundings, report, endpoint, credentials: { timeout } };
    return (await proveOnce(asking, configuredCandidate(configured))) === undefined ? "refused" : "accepted";
  } catch (error) {
    if (!force || !ProvisioningError.is(error) || surroundings.signal.aborted) throw error;
    return "no answer";
  }
}

/** The configuration says where; how is said by `provision.json`, if it is there and about the same server. */
function wayTo(
  { files, directory, credentialsDirectory }: Surroundings,
  { host, serverPort, useSsl }: ConfiguredCredentials,
) {
  const read = during(`reading provision.json in ${directory}`, () =>
    readCredentialsFile(files, { directory, credentialsDirectory }),
  );
  const credentials = read.ok && read.value.credentials.host === host ? read.value.credentials : undefined;
  const port = serverPort ?? credentials?.serverPort;
  if (port === undefined) {
    throw new ProvisioningError("BACKUP_UNUSABLE", `nothing says on which port ${host} listens`);
  }
  const tls = useSsl ?? credentials?.useSsl ?? port !== 1883;
  const address: Address = { ...credentials, host, serverPort: port, useSsl: tls };
  return { address, timeout: credentials?.timeout ?? seconds(30) };
}
