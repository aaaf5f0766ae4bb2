import type { Device } from "../../../src/simulator/index.ts";
import { faultOfChange, faultOfValues, loginIn } from "./configuration.ts";
import {
  backupNames,
  configName,
  credentialsName,
  type Folder,
  journalName,
  lastSuccessName,
  processedName,
  sameFolder,
  statusName,
  temporaryNames,
  triggerName,
} from "./folder.ts";
import { askedIn, isProved, requestsIn } from "./heard.ts";
import { type History, type InvariantName, longestRun, type Moment, type Violation } from "./invariants.ts";
import { isMadeKey, keysMade, type Login, loginOfDevice, secretsOf, unnamedCertificates } from "./login.ts";
import { isIntended, lastSuccessLogin, recordNames, recordsIn, reservedLogins } from "./records.ts";

const documentedStatuses = [0, 64, 73, 74, 75, 77, 78, 130, 143];

/** Everything that is wrong with a history; nothing, as a rule. */
export function judge(history: History): readonly Violation[] {
  const found: Violation[] = [];
  const wrong = (invariant: InvariantName, what: string) => void found.push({ invariant, what });
  judgeServer(history, wrong);
  for (const [index, moment] of history.moments.entries()) judgeMoment(history, moment, index, wrong);
  judgeEnd(history, wrong);
  return found;
}

type Wrong = (invariant: InvariantName, what: string) => void;

function judgeServer(history: History, wrong: Wrong): void {
  const byName = new Map<string, string>();
  const offered = new Set<Login | undefined>();
  for (const { name, login, payload } of askedIn(history.heard)) {
    if (name === "" || name !== name.trim()) wrong("I3", `a request for ${JSON.stringify(name)}`);
    if ((byName.get(name) ?? payload) !== payload) wrong("I2", `two different requests for ${name}`);
    byName.set(name, payload);
    offered.add(login);
  }
  if (offered.size > 1) wrong("I2", `${offered.size} secrets were offered`);
  const created = createdIn(history, history.moments.at(-1)?.devices ?? []);
  if (created.length > 1) wrong("I4", `${created.length} devices: ${created.map(({ name }) => name).join(", ")}`);
}

function judgeMoment(history: History, moment: Moment, index: number, wrong: Wrong): void {
  const { before } = history;
  const { folder, run } = moment;
  const old = before.get(configName)?.bytes;
  const now = folder.get(configName)?.bytes;
  const isNew = now !== undefined && (old === undefined || !now.equals(old));
  const heard = history.heard.slice(0, moment.heard);
  const at = `after start ${index + 1}${run.exitStatus === null ? ", which was killed" : ""}`;

  if (old !== undefined && now === undefined) wrong("I7", `${at}: there is no configuration any more`);
  const fault = isNew ? (faultOfChange(old, now) ?? faultOfValues(now, wantedIn(history, moment))) : undefined;
  if (fault !== undefined) wrong("I7", `${at}: ${fault}`);
  const login = isNew ? loginIn(folder) : undefined;
  if (isNew && login === undefined) wrong("I6", `${at}: nothing that the camera can log in with`);
  if (login !== undefined && !isProved(login, heard, history.shown))
    wrong("I6", `${at}: a login that the server never answered`);
  if (isNew && old !== undefined && !backupNames(folder).some((name) => folder.get(name)?.bytes.equals(old))) {
    wrong("I8", `${at}: the configuration is replaced, and no backup has its bytes`);
  }
  for (const device of createdIn(history, moment.devices)) {
    const holders = [...recordsIn(folder).map((record) => record.login), ...reservedLogins(folder), loginIn(folder)];
    if (!holders.includes(loginOfDevice(device))) wrong("I5", `${at}: nothing holds the secret of ${device.name}`);
  }
  if (before.has(triggerName) && !folder.has(triggerName) && !isNew && !mayKeep(history)) {
    wrong("I9", `${at}: the trigger is gone, the configuration is the old one`);
  }
  // The records may go once the configuration is written, and the trigger is renamed.
  const isSaved = isNew && !folder.has(triggerName);
  for (const asked of askedIn(heard)) {
    if (!isSaved && !isIntended(folder, asked)) wrong("I1", `${at}: no intent for ${asked.name} with the secret sent`);
  }
  const isTidy = recordNames(folder).length === 0;
  if (isTidy && requestsIn(heard).length > 0 && !isSaved) {
    wrong("I9", `${at}: the server was asked, and the records are gone too early`);
  }
  if (before.has(credentialsName) && !sameEntry(before, folder, credentialsName)) {
    wrong("I18", `${at}: ${credentialsName} is not what it was`);
  }
  if (run.seconds > longestRun) wrong("I15", `${at}: it took ${Math.round(run.seconds)} s`);
  judgeFiles(history, moment, at, wrong);
  if (run.exitStatus !== null) judgeEnding(history, moment, at, wrong);
}

function judgeFiles(history: History, { folder, run }: Moment, at: string, wrong: Wrong): void {
  const secrets = allSecrets(history);
  const original = history.before.get(configName);
  for (const [name, { kind, mode, owner, bytes }] of folder) {
    const inOld = history.before.get(name);
    if (inOld !== undefined && name !== configName && inOld.mode === mode && inOld.bytes.equals(bytes)) continue;
    if (kind === "folder" && name.startsWith(journalName) && (mode & 0o077) !== 0 && history.keepsModes !== false)
      wrong("I11", `${at}: ${name} is ${octal(mode)}`);
    // A copy of a configuration without a secret is no more open than the configuration, either.
    const isCopy = name === configName || backupNames(folder).includes(name);
    if (isCopy && original !== undefined && owner !== original.owner) wrong("I11", `${at}: ${name} is ${owner}'s`);
    const holds = secrets.some((secret) => bytes.includes(secret));
    const isOfConfig = isCopy || /^\.thermal_config\.json/.test(name);
    const most = isOfConfig ? (original?.mode ?? 0o600) : 0o600;
    if (history.keepsModes !== false && (holds || isCopy) && (mode & ~most) !== 0)
      wrong("I11", `${at}: ${name} is ${octal(mode)}`);
    if (!holds) continue;
    if (name === statusName) wrong("I16", `${at}: a secret in ${name}`);
    if (!isMeantForSecrets(name)) wrong("I16", `${at}: a secret in ${name}`);
  }
  const left = temporaryNames(folder);
  if (run.exitStatus !== null && !run.hindered && left.length > 0) wrong("I12", `${at}: ${left.join(", ")}`);
  if (temporaryNames(folder).length > 2) wrong("I12", `${at}: ${temporaryNames(folder).length} temporary files`);
  const said = [...run.parameters, run.output];
  if (secrets.some((secret) => said.some((text) => text.includes(secret)))) wrong("I16", `${at}: a secret was said`);
}

function judgeEnding(history: History, { folder, run, heard }: Moment, at: string, wrong: Wrong): void {
  const { before } = history;
  const { exitStatus, output } = run;
  if (exitStatus === null || !documentedStatuses.includes(exitStatus)) {
    wrong("I22", `${at}: ended with ${exitStatus}: ${output.trim().split("\n").at(-1)?.slice(0, 300)}`);
  }
  if (exitStatus === 0) {
    const rest = [...recordNames(folder), ...(folder.has(triggerName) ? [triggerName] : [])];
    if (rest.length > 0) wrong("I22", `${at}: ended with 0, and there is ${rest.join(", ")}`);
    if (loginIn(folder) === undefined) wrong("I22", `${at}: ended with 0 without credentials`);
  } else if (requestsIn(history.heard.slice(0, heard)).length === 0) {
    const kept = [configName, credentialsName, triggerName, ...backupNames(before)];
    const changed = kept.filter((name) => before.has(name) && !sameEntry(before, folder, name));
    const added = backupNames(folder).filter((name) => !before.has(name));
    if (changed.length + added.length > 0) wrong("I18", `${at}: ${[...changed, ...added].join(", ")} changed`);
  }
}

function judgeEnd(history: History, wrong: Wrong): void {
  const { before, moments, end } = history;
  const last = moments.at(-1);
  if (last === undefined || end === "open") return;
  if (end === "refused") {
    if (last.run.exitStatus !== 77) wrong("I19", `it ended with ${last.run.exitStatus}`);
    return;
  }
  if (last.run.exitStatus !== 0) {
    wrong(
      "R",
      `it still ends with ${last.run.exitStatus}: ${last.run.output.trim().split("\n").at(-1)?.slice(0, 300)}`,
    );
    return;
  }
  const { folder } = last;
  const login = loginIn(folder);
  if (!last.devices.some((device) => loginOfDevice(device) === login)) {
    wrong("I6", "the login in the configuration is not the server's");
  }
  // A record that could not be written is a warning.
  const isHindered = moments.some(({ run }) => run.hindered);
  if (login !== undefined && !isHindered && lastSuccessLogin(folder) !== login) {
    wrong("I22", "the record of the last success is not that of the configuration");
  }
  const left = [...folder].filter(
    ([name, { kind }]) => kind !== "folder" && name.startsWith(`${journalName}/`) && name !== lastSuccessName,
  );
  const names = [...left.map(([name]) => name).filter((name) => !name.includes("@")), ...temporaryNames(folder)];
  names.push(...unnamedCertificates(folder));
  if (names.length > 0) wrong("I12", `left behind: ${names.join(", ")}`);
  if (before.has(triggerName) && !folder.has(processedName)) wrong("I9", `there is no ${processedName}`);
  judgeBackups(before, folder, wrong);
}

function judgeBackups(before: Folder, after: Folder, wrong: Wrong): void {
  const [old, now] = [backupNames(before), backupNames(after)].map(inOrder);
  if (old === undefined || now === undefined) return;
  const added = now.filter((name) => !before.has(name));
  if (added.length > 1) wrong("I8", `${added.length} backups of one provisioning: ${added.join(", ")}`);
  if (now.length > 5) wrong("I8", `${now.length} backups`);
  const kept = inOrder([...old, ...added]).slice(-5);
  if (kept.some((name) => !after.has(name))) wrong("I8", `kept ${now.join(", ")}, not ${kept.join(", ")}`);
  if (old.some((name) => after.has(name) && !sameEntry(before, after, name))) wrong("I8", "an old backup changed");
}

function inOrder(backups: readonly string[]): readonly string[] {
  return [...backups].sort((one, other) => Number(one.split(".").at(-1)) - Number(other.split(".").at(-1)));
}

/** A second look at a camera that is done: nothing may change, nobody may be asked. */
export function judgeRest(done: Moment, again: Moment): readonly Violation[] {
  const violations: Violation[] = [];
  if (again.run.exitStatus !== 0) violations.push({ invariant: "I13", what: `it ended with ${again.run.exitStatus}` });
  if (again.heard !== done.heard) violations.push({ invariant: "I13", what: "the server was asked" });
  if (!sameFolder(done.folder, again.folder)) violations.push({ invariant: "I13", what: "the folder changed" });
  return violations;
}

/** The camera was provisioned before and may keep what it has. */
function mayKeep({ before }: History): boolean {
  return loginIn(before) !== undefined;
}

function createdIn({ devicesBefore }: History, devices: readonly Device[]): readonly Device[] {
  return devices.filter(({ id }) => !devicesBefore.some((known) => known.id === id));
}

/** What the new configuration must say. Which of several names it got, a camera may not know: the last one will do. */
function wantedIn({ before, heard }: History, { folder, devices, heard: count }: Moment) {
  const login = loginIn(folder);
  const own = devices.filter((device) => loginOfDevice(device) === login).map(({ name }) => name);
  const last = askedIn(heard.slice(0, count)).at(-1);
  return { credentials: before.get(credentialsName)?.bytes, names: last === undefined ? own : [...own, last.name] };
}

function allSecrets({ secrets, heard, moments }: History): readonly string[] {
  const last = moments.at(-1);
  const offered = askedIn(heard).flatMap(({ login }) => login ?? []);
  const logins = [...offered, ...(last?.devices.map(loginOfDevice) ?? [])].flatMap(secretsOf);
  return [...new Set([...secrets, ...logins, ...(last === undefined ? [] : keysMade(last.folder))])];
}

function isMeantForSecrets(name: string): boolean {
  if (isMadeKey(name) || name.startsWith(`${journalName}/`) || name === credentialsName || name === configName)
    return true;
  return /^thermal_config\.json\.backup\.\d+$|^\.thermal_config\.json\..*\.tmp$/.test(name);
}

function sameEntry(one: Folder, other: Folder, name: string): boolean {
  const [entry, found] = [one.get(name), other.get(name)];
  return entry !== undefined && found !== undefined && entry.mode === found.mode && entry.bytes.equals(found.bytes);
}

function octal(mode: number): string {
  return mode.toString(8).padStart(4, "0");
}
