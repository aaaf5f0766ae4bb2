import { inWords, seconds } from "../base/duration.ts";
import { readAuthorities } from "../files/authorities.ts";
import { syncConfig } from "../files/commit.ts";
import { type AccessList, readAccessList } from "../files/disk/access-list.ts";
import { type Inputs, readInputs } from "../files/inputs.ts";
import { readJournal, setAside } from "../files/journal/journal.ts";
import { look } from "../files/look.ts";
import { checkSuitability } from "../files/suitability.ts";
import { begin, holdsAnything, type Known } from "../flow/known.ts";
import { ProvisioningError } from "../model/errors.ts";
import type { Journal } from "../model/journal.ts";
import type { ProvisioningCredentials } from "../model/provisioning-credentials.ts";
import type { ConfiguredCredentials } from "../model/thermal-config.ts";
import { warning } from "../model/warnings.ts";
import type { Endpoint } from "../transport/link.ts";
import { afterTheAnswer } from "./failures.ts";
import { fileJournal, type JournalPort } from "./journal-port.ts";
import type { Surroundings } from "./provision-options.ts";
import type { Report } from "./report.ts";

/** A provisioning that is under way: with what, to where, and for whom it is told. */
export interface Task {
  readonly surroundings: Surroundings;
  readonly report: Report;
  readonly credentials: ProvisioningCredentials;
  readonly endpoint: Endpoint;
  readonly journal: JournalPort;
  /** The attempt id: that of the journal, or a new one. */
  readonly attemptId: string;
  /** That of the configuration, where it has one. */
  readonly accessList?: AccessList | undefined;
}

/**
 * Reads and checks everything that can be checked before the server is asked for anything. Undefined: nothing is to be
 * done, for there is no trigger, and nothing in the journal but the trace of an intent that was never sent.
 */
export async function load(
  surroundings: Surroundings,
  report: Report,
): Promise<{ readonly task: Task; readonly known: Known } | undefined> {
  const { files, directory } = surroundings;
  const { credentials, config, warnings } = readInputs(files, directory);
  report.warn(...warnings, ...connectionWarnings(credentials));
  // With credentials it may be a killed run's. Before the journal, with which its folder is synced, too.
  if (config.configured !== undefined) syncConfig(files, directory);
  const endpoint = endpointOf(surroundings, credentials);
  const { warnings: damages, ...found } = readJournal(files, directory, credentials.host);
  report.warn(...damages);
  if (!holdsAnything(found) && !look(files, directory).trigger) return undefined;
  const journal = openJournal(surroundings, credentials.host, found, report);
  const accessList = await readAccessList(files, directory);
  const check = () => checkSuitability(files, directory, { strictFiles: surroundings.strictFiles, accessList });
  report.warn(...(journal.received.length > 0 ? afterTheAnswer(check) : check()));
  const known = begin({
    naming: credentials.naming,
    journal,
    configured: config.configured,
    configuredHere: isHere(config.configured, credentials),
    inAdvance: credentials.inAdvance,
    newIdentity: surroundings.newIdentity,
  });
  const attemptId = journal.intents[0]?.attemptId ?? journal.received[0]?.attemptId ?? report.newAttemptId;
  report.about(attemptId, journal.intents.at(-1)?.deviceName ?? "");
  const port = fileJournal(files, directory, credentials.host);
  return { task: { surroundings, report, credentials, endpoint, journal: port, attemptId, accessList }, known };
}

/**
 * Whether credentials are for the same server (port aside) and the same provisioning key
 * (docs/architecture.md#a-camera-that-was-provisioned-before).
 */
export function isHere(configured: ConfiguredCredentials | undefined, to: Inputs["credentials"]): boolean {
  if (configured === undefined || configured.host !== to.host) return false;
  return configured.provisionedWith === to.provisionDeviceKey.fingerprint();
}

/** Where to connect, and whom to trust there. */
export function endpointOf(
  { files, directory, requireTls, caFile }: Surroundings,
  { host, serverPort, useSsl, caFile: fileBeside }: ProvisioningCredentials,
): Endpoint {
  if (!useSsl) {
    if (requireTls) {
      throw new ProvisioningError("TLS_REQUIRED", "--require-tls was given, and provision.json asks for plain text");
    }
    return { host, port: serverPort };
  }
  const authorities = readAuthorities(files, directory, caFile ?? fileBeside);
  return { host, port: serverPort, tls: authorities === undefined ? {} : { authorities } };
}

/** The journal of `host`. With --new-identity an unfinished one is put aside, unless it was begun with that word. */
function openJournal(
  { files, directory, clock, newIdentity }: Surroundings,
  host: string,
  journal: Journal,
  report: Report,
): Journal {
  if (!newIdentity || (journal.intents.at(-1)?.newIdentity ?? false)) return journal;
  const place = setAside(files, directory, host, clock.now());
  if (place !== undefined) report.warn(warning("INTENT_SET_ASIDE", `It is in ${place} now.`));
  return { intents: [], received: [] };
}

export function connectionWarnings({ useSsl, timeout }: ProvisioningCredentials) {
  return [
    ...(useSsl ? [] : [warning("PLAIN_TEXT")]),
    ...(timeout < seconds(25) ? [warning("SHORT_TIMEOUT", `It is ${inWords(timeout)}.`)] : []),
  ];
}
