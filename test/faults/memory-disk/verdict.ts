import { faultOfChange, faultOfValues, loginIn } from "../harness/configuration.ts";
import {
  backupNames,
  configName,
  credentialsName,
  type Folder,
  statusName,
  temporaryNames,
  triggerName,
} from "../harness/folder.ts";
import type { InvariantName, Violation } from "../harness/invariants.ts";
import {
  isMadeKey,
  keysMade,
  type Login,
  loginOffered,
  logsIn,
  secretsOf,
  unnamedCertificates,
} from "../harness/login.ts";
import { isIntended, lastSuccessLogin, recordNames, recordsIn, reservedLogins } from "../harness/records.ts";
import { provisionKey, provisionSecret } from "./configurations.ts";
import { inWords } from "./session.ts";
import { type Ended, requestIn, timeoutSeconds, type World } from "./world.ts";

const documentedStatuses: readonly number[] = [0, 64, 73, 74, 75, 77, 78, 130, 143];

/** Ahead of every twentieth change of the disk, by chance, it is judged what a power cut would leave. */
const sampling = 19;

/** What is wrong with one camera and its server, by the numbers of `invariants.ts`. */
export class Verdict {
  readonly violations: Violation[] = [];
  readonly #world: World;
  readonly #only: InvariantName | undefined;
  /** Every login that was ever offered. */
  readonly #offered = new Set<Login>();
  /** Every login that was offered for the present order, with the name that it was offered for last. */
  readonly #offeredNow = new Map<Login, string>();
  readonly #names: string[] = [];
  /** Configurations whose values were right when they were judged: they stay until a later order is carried out. */
  readonly #former = new Set<string>();

  /** Without `only`, every invariant is judged. */
  constructor(world: World, only?: InvariantName) {
    this.#world = world;
    this.#only = only;
    world.onFirstBytes = (bytes, certificate) => this.#judgeFirstBytes(bytes, certificate);
    world.onFile = (call, args) => this.#judgeCall(call, args);
  }

  #wrong(invariant: InvariantName, what: string): void {
    if (this.#only === undefined || this.#only === invariant) this.violations.push({ invariant, what });
  }

  /** The folder that a power cut in this very moment might leave. */
  #cutNow(): Folder {
    return this.#world.disk.afterPowerCut(this.#world.luck).folder();
  }

  /** What is offered, or was granted, is on the disk for good before the server hears of it. */
  #judgeFirstBytes(bytes: Buffer, certificate: string | undefined): void {
    const request = requestIn(bytes);
    const login = request && loginOffered(request.payload);
    if (request !== undefined && login !== undefined) this.#judgeRequest(request.deviceName, login);
    const { camera, wasAlone, granted } = this.#world;
    if (!camera.strategy.startsWith("claim") || !logsIn(granted, bytes, certificate)) return;
    const cut = this.#cutNow();
    // The other one of two starts may have finished, with the secret of another device (docs/guarantees.md).
    const isDone = !wasAlone && this.#isKnown(loginIn(cut));
    if (!holdersIn(cut).has(granted) && !isDone)
      this.#wrong("I5", "probing with what the server gave, and a power cut might lose it");
  }

  #judgeRequest(deviceName: string, login: Login): void {
    if (deviceName === "" || deviceName !== deviceName.trim()) this.#wrong("I3", `asked for "${deviceName}"`);
    const cut = this.#world.isTrusty ? this.#cutNow() : this.#world.disk.folder();
    const isKept = isIntended(cut, { name: deviceName, login });
    // Of two starts without a lock the other one may have finished, and then nothing is at stake any more.
    const isDone = this.#isKnown(loginIn(cut));
    if (!isKept && !isDone) this.#wrong("I1", `asked for ${deviceName}, and a power cut might lose the intent`);
    const known = [...this.#offeredNow].find(([other, name]) => other !== login && name === deviceName);
    if (known !== undefined) this.#wrong("I2", `another secret for ${deviceName}`);
    this.#offeredNow.set(login, deviceName);
    this.#offered.add(login);
    this.#names.push(deviceName);
  }

  /** It may have been written before `provision.json` was corrected. */
  #faultOfValues(config: Buffer, login: Login | undefined): string | undefined {
    if (this.#former.has(config.toString("latin1"))) return undefined;
    const { credentials, server, wasAlone } = this.#world;
    const own = server.devices.filter((device) => device.login === login).map(({ name }) => name);
    // Which of several names it got, a camera may not know; without a lock not even which one was asked for last.
    const names = [...own, ...(wasAlone ? this.#names.slice(-1) : this.#names)];
    const faults = credentials.map((each) => faultOfValues(config, { credentials: each, names }));
    if (!faults.includes(undefined)) return faults.at(-1);
    this.#former.add(config.toString("latin1"));
    return undefined;
  }

  #isKnown(login: Login | undefined): boolean {
    return this.#world.server.devices.some((device) => device.login === login);
  }

  #judgeCall(call: string, [path, access, mode]: readonly unknown[]): void {
    if (/^(sync|rename|link|unlink)$/.test(call) && this.#world.luck.upTo(sampling) === 0) {
      this.judgeCut(`before ${call} ${path}`);
    }
    // A certificate that the camera makes has the rights of its configuration, like the configuration itself.
    const isMade = /\/\.?device-[^/]*\.pem/.test(String(path));
    if (call === "open" && access === "create" && mode !== 0o600 && !isMade)
      this.#wrong("I11", `made ${path} with mode ${mode}`);
    const target = call === "rename" ? access : call === "open" && access === "overwrite" ? path : undefined;
    if (typeof target !== "string" || !/\/(intent|sent|received)-\d+\.json$/.test(target)) return;
    if (this.#world.disk.find(target) !== undefined) this.#wrong("I24", `${call} over ${target}`);
  }

  /** What a power cut in this very moment might leave. */
  judgeCut(at: string): void {
    if (this.#world.isTrusty) this.judgeFolder(this.#cutNow(), `if the power were cut ${at}`);
  }

  /** Whatever has happened: this holds in every state of the disk in which a start may find it. */
  judgeFolder(folder: Folder, at: string): void {
    const wrong = (invariant: InvariantName, what: string) => this.#wrong(invariant, `${at}: ${what}`);
    const { foreign, server, registered } = this.#world;
    const config = folder.get(configName)?.bytes;
    const login = loginIn(folder);
    const isKnown = this.#isKnown(login);
    const created = server.devices.filter(({ name }) => !registered.includes(name));
    if (created.length > 1) wrong("I4", `${created.length} devices: ${created.map(({ name }) => name).join(", ")}`);
    const holders = holdersIn(folder);
    for (const device of created)
      if (!holders.has(device.login)) wrong("I5", `nothing holds the secret of ${device.name}`);
    if (foreign !== undefined && config === undefined) wrong("I7", "there is no configuration any more");
    if (config !== undefined && (foreign === undefined || !config.equals(foreign))) {
      const fault = faultOfChange(foreign, config) ?? this.#faultOfValues(config, login);
      if (fault !== undefined) wrong("I7", fault);
      if (!isKnown) wrong("I6", "the configuration has a login that the server does not know");
      if (foreign !== undefined && !backupNames(folder).some((name) => folder.get(name)?.bytes.equals(foreign))) {
        wrong("I8", "the configuration is replaced, and no backup has its bytes");
      }
    }
    if (!folder.has(triggerName) && !isKnown) wrong("I9", "the trigger is gone, and the configuration is not written");
    if (!folder.has(triggerName) && recordsIn(folder).length === 0 && !isKnown)
      wrong("I9", "nothing leads on from here");
    if (folder.get(credentialsName)?.bytes.equals(this.#world.credentials.at(-1) ?? Buffer.alloc(0)) !== true) {
      wrong("I18", `${credentialsName} is not what it was`);
    }
    const recorded = lastSuccessLogin(folder);
    if (recorded !== undefined && !this.#isKnown(recorded)) {
      wrong("I6", "the record of the last success names what the server does not know");
    }
    this.#judgeModes(folder, wrong);
  }

  #judgeModes(folder: Folder, wrong: (invariant: InvariantName, what: string) => void): void {
    const { camera } = this.#world;
    const secrets = [...[...this.#offered].flatMap(secretsOf), ...keysMade(folder), provisionKey, provisionSecret];
    for (const [name, { kind, mode, owner, bytes }] of folder) {
      const holds = kind === "file" && secrets.some((secret) => bytes.includes(secret));
      const isConfig = /^\.?thermal_config\.json/.test(name);
      const isPrivate =
        isConfig || isMadeKey(name) || name.startsWith(".thermal-provision/") || name === "provision.json";
      if (holds && !isPrivate) wrong("I16", `a secret in ${name}`);
      const asConfig = camera.configuration !== "none" ? camera.mode | 0o600 : 0o600;
      const most = isConfig ? asConfig : isMadeKey(name) ? asConfig & ~0o007 : 0o600;
      if (camera.forgetting === "FAT") continue;
      if ((holds || isConfig) && (mode & ~most) !== 0) wrong("I11", `${name} is ${mode.toString(8)}`);
      if (name === configName && camera.configuration !== "none" && owner !== camera.owner)
        wrong("I11", `${name} is ${owner}'s`);
    }
  }

  /**
   * A start has provisioned: what its configuration must say is what was ordered last, and nothing of before. Where
   * another key orders more, that is another device, and may be another secret for the name.
   */
  endOrder(): void {
    this.#former.clear();
    this.#offeredNow.clear();
  }

  /**
   * A start that was killed behind its commit, or once it had put its intent aside, has carried the order out as well:
   * what `provision.json` says differently from then on is another order.
   */
  endCommittedOrder(): void {
    const [former, last] = this.#world.credentials.slice(-2);
    if (former === undefined || last === undefined || former.equals(last)) return;
    const folder = this.#world.disk.folder();
    const configured = loginIn(folder);
    if (!this.#isKnown(configured)) return;
    const records = recordsIn(folder);
    // The former credentials were found to work: the intent was put aside for them.
    const isGivenUp = records.length === 0 && [...folder.keys()].some((name) => name.includes("@"));
    if (isGivenUp || records.some(({ login }) => login === configured)) this.endOrder();
  }

  /** A start that came to its own end, and whether no other was at work at the same time. */
  judgeEnding({ outcome, took }: Ended, isAlone: boolean, at: string): void {
    if (outcome === undefined) return;
    const wrong = (invariant: InvariantName, what: string) => this.#wrong(invariant, `${at}: ${what}`);
    const { isTidy } = this.#world;
    const folder = this.#world.disk.folder();
    const said = JSON.stringify(outcome) + (outcome.result === "failed" ? String(outcome.error.stack) : "");
    const secrets = [...[...this.#offered].flatMap(secretsOf), ...keysMade(folder), provisionKey, provisionSecret];
    if (secrets.some((secret) => said.includes(secret))) wrong("I16", "a secret was said");
    if (!documentedStatuses.includes(outcome.exitStatus)) wrong("I22", `ended with ${said}`);
    if (took > (timeoutSeconds * 5 + 1) * 1000) wrong("I15", `it took ${took / 1000} s`);
    const left = temporaryNames(folder);
    if (isTidy && left.filter((name) => !name.includes(statusName)).length > 0) wrong("I12", left.join(", "));
    if (outcome.exitStatus !== 0 || outcome.result === "nothing_to_do") return;
    if (isTidy && left.length + recordNames(folder).length > 0)
      wrong("I12", `left: ${[...left, ...recordNames(folder)].join(", ")}`);
    const unnamed = unnamedCertificates(folder);
    if (isTidy && unnamed.length > 0) wrong("I12", `nothing names ${unnamed.join(", ")}`);
    if (isAlone) this.#judgeSuccess(wrong);
    const isTold = outcome.warnings.some(({ code }) => code === "LAST_SUCCESS_NOT_KEPT");
    if (isAlone && isTidy && !isTold) this.#judgeRecord(wrong);
    if (isTidy) this.#judgeBackups(folder, wrong);
  }

  #judgeBackups(folder: Folder, wrong: (invariant: InvariantName, what: string) => void): void {
    const names = backupNames(folder);
    const contents = new Set(names.map((name) => folder.get(name)?.bytes.toString("latin1")));
    if (names.length > 5) wrong("I8", `${names.length} backups`);
    if (contents.size < names.length) wrong("I8", `the same twice: ${names.join(", ")}`);
    if (names.length < Math.min(5, this.#world.camera.backups)) wrong("I8", `only ${names.length} backups are left`);
  }

  /** What could be put back is what is there, also after a power cut. */
  #judgeRecord(wrong: (invariant: InvariantName, what: string) => void): void {
    for (const folder of [this.#world.disk.folder(), this.#cutNow()]) {
      if (lastSuccessLogin(folder) !== loginIn(folder))
        wrong("I22", "done, and the record of the last success is not that of the configuration");
    }
  }

  /** 0 means that all of it is on the disk. */
  #judgeSuccess(wrong: (invariant: InvariantName, what: string) => void): void {
    for (const folder of [this.#world.disk.folder(), this.#cutNow(), this.#cutNow()]) {
      if (!this.#isKnown(loginIn(folder))) wrong("I22", "done, and a power cut might lose the configuration");
      if (folder.has(triggerName)) wrong("I22", "done, and a power cut might bring the trigger back");
      if (recordNames(folder).length > 0) wrong("I22", "done, and a power cut might bring records back");
    }
  }

  /** Started once more when all is done: nothing is touched, nobody is asked. */
  judgeRest({ outcome, session }: Ended): void {
    const changes = /^(write|sync|rename|link|unlink|makeFolder|removeFolder|chmod|chown|connect|send)$/;
    const touched = session.calls.filter(([name, , access]) => changes.test(name) || access === "create");
    if (outcome?.result !== "nothing_to_do") this.#wrong("I13", `started again, it ends with ${outcome?.result}`);
    if (touched.length > 0) this.#wrong("I13", `started again, it does ${touched.map(inWords).join(", ")}`);
  }

  /** What is left when three undisturbed starts were not enough; the server had said FAILURE so often for no reason. */
  judgeEnd(outcome: Ended["outcome"], hiccups: number): void {
    if (outcome?.exitStatus === 0) return;
    const { camera, server, disk } = this.#world;
    const folder = disk.folder();
    const granted = server.devices.find(({ isClaimed }) => isClaimed)?.login;
    const held = holdersIn(folder);
    const code = outcome?.result === "failed" ? outcome.error.errorCode : undefined;
    // A server of the newer kind says the secret once; when that answer is lost, only the administrator can help.
    const isRefused = code === "DEVICE_REFUSED" || code === "DEVICE_LOCKED_OUT";
    if (camera.strategy === "claim, once" && isRefused && granted !== undefined && !held.has(granted)) return;
    const { taken } = this.#world;
    // Two hiccups in a row cost a name, too.
    if (code === "NAMES_REFUSED" && taken.length + Math.floor(hiccups / 2) >= 3) return;
    // The other device's answer says that name and credentials do not belong together: somebody has to look.
    if (code === "CREDENTIALS_OF_ANOTHER_DEVICE" && this.#world.wasMixedUp) return;
    // After a SUCCESS, though it was a lie, no other name is tried: there may be a device.
    const isGranted = recordsIn(folder).some(({ kind }) => kind === "received");
    if (code === "DEVICE_LOCKED_OUT" && isGranted && taken.length > 0) return;
    if (code === "DEVICE_REFUSED" && !isGranted && camera.strategy === "fixed name" && taken.length > 0) return;
    this.#wrong(
      "R",
      `three undisturbed starts end with ${code}: ${outcome?.result === "failed" ? outcome.error.message : ""}`,
    );
  }
}

/** The secrets that a start finds in this folder. */
function holdersIn(folder: Folder): ReadonlySet<Login | undefined> {
  const records = recordsIn(folder).map(({ login }) => login);
  return new Set([...records, ...reservedLogins(folder), loginIn(folder)]);
}
