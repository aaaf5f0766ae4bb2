import { inWords, seconds } from "../base/duration.ts";
import { randomUuid } from "../base/randomness.ts";
import { readAccessList } from "../files/disk/rights.ts";
import type { Inputs } from "../files/inputs.ts";
import { type JournalView, readJournal, setAside } from "../files/journal/journal.ts";
import { syncConfig } from "../files/save-config.ts";
import { checkSuitability } from "../files/suitability.ts";
import { findDistrust, refuseDistrusted } from "../files/trust.ts";
import { mayBeElsewhere } from "../flow/decide.ts";
import { begin, type Known } from "../flow/known.ts";
import { attemptIdOf, emptyJournal, type Journal } from "../model/journal.ts";
import type { ProvisioningCredentials } from "../model/provisioning-credentials.ts";
import { type HttpProxy, proxyUrl } from "../model/proxy.ts";
import { type Warning, warning } from "../model/warnings.ts";
import { certificateWarnings } from "./client-certificate.ts";
import { endpointOf, proxyOf } from "./endpoint.ts";
import { afterTheAnswer } from "./failures.ts";
import { fileJournal } from "./journal-port.ts";
import type { Report } from "./report.ts";
import type { Surroundings } from "./surroundings.ts";
import { isHere } from "./survey.ts";
import type { Task } from "./task.ts";
import { warnOfUnfinished } from "./unfinished.ts";

/** Checks everything that can be checked before the server is asked for anything, and makes the journal fit for use. */
export async function load(
  surroundings: Surroundings,
  report: Report,
  inputs: Inputs,
  { body, elsewhere }: { readonly body: string | undefined; readonly elsewhere: readonly JournalView[] },
): Promise<{ readonly task: Task; readonly known: Known }> {
  const { files, directory, clock } = surroundings;
  const { credentials, config, warnings } = inputs;
  report.warn(...proxyWarnings(proxyOf(surroundings, credentials)), ...warnings, ...connectionWarnings(credentials));
  // A killed run may have renamed the configuration and not synced it. readJournal syncs the folder, and FAT could then
  // make the new name durable with no content behind it: so the file comes first.
  if (config.configured !== undefined) syncConfig(files, directory);
  const endpoint = endpointOf(surroundings, credentials);
  report.warn(...certificateWarnings(surroundings, credentials.clientCertificate));
  const { warnings: damages, ...found } = readJournal(files, directory, credentials.host, clock.now());
  report.warn(...damages);
  const journal = openJournal(surroundings, credentials.host, found, report);
  const accessList = await readAccessList(files, directory);
  const check = () => checkSuitability(files, directory, { strictFiles: surroundings.strictFiles, accessList });
  report.warn(...(journal.received.length > 0 ? afterTheAnswer(check) : check()));
  const isUnfinishedElsewhere = elsewhere.length > 0 && !surroundings.newIdentity;
  const known = { ...knownAtStart(surroundings, inputs, journal), isUnfinishedElsewhere };
  // Else the server is looked at first.
  if (!mayBeElsewhere(known)) report.warn(...warnOfUnfinished(elsewhere));
  const attemptId = attemptIdOf(journal) ?? newAttemptId(surroundings, report, inputs);
  report.about(attemptId, journal.intents.at(-1)?.deviceName ?? "");
  const port = fileJournal(surroundings, credentials.host);
  const place = { surroundings, report, credentials, endpoint, journal: port };
  return { task: { ...place, attemptId, body, elsewhere, accessList, probesEarly: true }, known };
}

/** An id that the configuration does not carry yet: to carry it means that the attempt is done. */
function newAttemptId({ randomness }: Surroundings, report: Report, { config }: Inputs): string {
  return config.configured?.attemptId === report.newAttemptId ? randomUuid(randomness) : report.newAttemptId;
}

/** What a run knows before its first step. */
export function knownAtStart(
  { newIdentity }: Pick<Surroundings, "newIdentity">,
  { credentials, config: { configured } }: Inputs,
  journal: Journal,
): Known {
  const { naming, inAdvance, isWiped = false, isWithoutKey = false } = credentials;
  const configuredHere = isHere(configured, credentials);
  return begin({ naming, journal, configured, configuredHere, inAdvance, newIdentity, isWiped, isWithoutKey });
}

/** The journal of `host`. With --new-identity an unfinished one is put aside, unless it was begun with that option. */
function openJournal(
  { files, directory, clock, newIdentity }: Surroundings,
  host: string,
  journal: Journal,
  report: Report,
): Journal {
  if (!newIdentity || (journal.intents.at(-1)?.newIdentity ?? false)) return journal;
  const place = setAside(files, directory, host, clock.now());
  if (place !== undefined) report.warn(warning("INTENT_SET_ASIDE", `It is in ${place} now.`));
  return emptyJournal;
}

/** Before anything in the folder is believed, and before the lock changes anything there. */
export function checkTrust({ files, directory, allowSharedFolder }: Surroundings): readonly Warning[] {
  if (!allowSharedFolder) refuseDistrusted(files, directory);
  const [first] = allowSharedFolder ? findDistrust(files, directory) : [];
  return first === undefined ? [] : [warning("FOLDER_SHARED", `${first}.`)];
}

export function proxyWarnings(proxy: HttpProxy | undefined): readonly Warning[] {
  return proxy === undefined ? [] : [warning("PROXY_IN_THE_WAY", `It is ${proxyUrl(proxy)}.`)];
}

export function connectionWarnings({ useSsl, serverPort, timeout }: ProvisioningCredentials) {
  return [
    ...(useSsl ? [] : [warning("PLAIN_TEXT")]),
    ...(!useSsl && serverPort === 8883 ? [warning("PLAIN_TEXT_ON_TLS_PORT")] : []),
    ...(timeout < seconds(25) ? [warning("SHORT_TIMEOUT", `It is ${inWords(timeout)}.`)] : []),
  ];
}
