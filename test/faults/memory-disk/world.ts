import { milliseconds, seconds } from "../../../src/base/duration.ts";
import type { FileSystem } from "../../../src/files/disk/file-system.ts";
import type { Outcome } from "../../../src/model/outcome.ts";
import { provision } from "../../../src/provision.ts";
import { accessToken, type DeviceProfile } from "../../../src/simulator/index.ts";
// Loaded on their first use otherwise: then a run waits for a real disk, and time would pass in the meantime.
import "../../../src/transport/device-session.ts";
import "../../../src/transport/provision-session.ts";
import { loginIn } from "../harness/configuration.ts";
import { configName, credentialsName, isObject, parse, triggerName } from "../harness/folder.ts";
import { type Login, loginOfDevice, logsIn } from "../harness/login.ts";
import {
  configurations,
  formerToken,
  host,
  otherName,
  provisionKey,
  provisionSecret,
  withSpot,
} from "./configurations.ts";
import { ordered, ownCertificate, ownKey, registered } from "./credentials.ts";
import type { Camera, Start, Whim } from "./history.ts";
import { Luck } from "./luck.ts";
import { directory, MemoryDisk } from "./memory-disk.ts";
import { type Disturbance, MemoryServer } from "./memory-server.ts";
import { Session } from "./session.ts";
import { VirtualClock } from "./virtual-clock.ts";

export const timeoutSeconds = 30;
const fixedName = "thermal-camera-FIXED0";

/** The request in the first bytes of a connection; undefined where there is none. */
export function requestIn(bytes: Buffer): { readonly deviceName: string; readonly payload: string } | undefined {
  const [payload] = /\{"deviceName":.*\}/s.exec(bytes.toString("latin1")) ?? [];
  const request = payload === undefined ? undefined : parse(payload);
  if (payload === undefined || !isObject(request)) return undefined;
  return { deviceName: String(request["deviceName"]), payload };
}

/** The port that the program is given instead of the session's own: a mistake to be found. */
export type Wrap = (files: FileSystem, session: Session) => FileSystem;

/** What came of one start: undefined when it was killed. */
export interface Ended {
  readonly session: Session;
  readonly outcome: Outcome | undefined;
  /** How long it took, in the camera's time. */
  readonly took: number;
}

/** One camera with its disk, its clock and its server. */
export class World {
  readonly camera: Camera;
  readonly clock = new VirtualClock(new Date("2026-11-24T12:00:00Z"));
  readonly luck = new Luck(1);
  readonly server: MemoryServer;
  disk: MemoryDisk;
  /** The configuration as another program wrote it last; undefined: there never was one. */
  foreign: Buffer | undefined;
  edits = 0;
  /** Nothing has happened that can leave temporary files behind for good. */
  isTidy = true;
  /**
   * False on FAT once a sync has failed, or one of two starts without a lock was killed, until the next success: a
   * folder that is synced then makes names last that point to nothing, and a record that was made in its place may be
   * believed written. A power cut before that can cost the configuration or the intent.
   */
  isTrusty = true;
  readonly registered: string[];
  /** What `provision.json` said, and last what it says; the program never changes it. */
  readonly credentials: Buffer[] = [];
  /** No two starts were at work at once. */
  wasAlone = true;
  /** Told the first bytes of every connection, and the certificate shown before, just before the server hears them. */
  onFirstBytes: (bytes: Buffer, certificate: string | undefined) => void = () => {};
  /** What lets the device in that was registered beforehand. */
  readonly granted: Login;
  /** Told of every call of a file, just before it is made. */
  onFile: (call: string, args: readonly unknown[]) => void = () => {};

  /** The names that other cameras have. */
  readonly taken: string[] = [];

  /** By which `provision.json` calls the server. */
  #serverName = host;
  /** A request with the right key was sent. */
  #wasAsked = false;
  /** A request may be carried out later. */
  #wasLate = false;
  /** An answer was meant for another device. */
  wasMixedUp = false;

  constructor(camera: Camera) {
    this.camera = camera;
    const isClaim = camera.strategy.startsWith("claim") || camera.strategy === "known in advance";
    const profile: DeviceProfile = {
      name: "thermal-camera",
      provisionType: isClaim ? "CHECK_PRE_PROVISIONED_DEVICES" : "ALLOW_CREATE_NEW_DEVICES",
      provisionDeviceKey: provisionKey,
      provisionDeviceSecret: provisionSecret,
      deviceIdAfter: 0,
    };
    const version = camera.strategy === "claim, repeated" ? "4.2.1" : "4.3.1.3";
    this.server = new MemoryServer({ clock: this.clock, randomness: new Luck(2), profiles: [profile], version });
    const credentials = registered(camera);
    this.granted = loginOfDevice({ credentials });
    if (isClaim) this.server.register(fixedName, credentials);
    if (camera.formerWorks && camera.configuration === "former") {
      this.server.register("thermal-camera-OLD000", accessToken(formerToken));
    }
    this.server.register("thermal-camera-OTHER0", accessToken("anotherCamerasToken0"));
    this.registered = this.server.devices.map(({ name }) => name);
    this.disk = new MemoryDisk(camera.forgetting);
    this.#fill();
  }

  #fill(): void {
    const { configuration, mode, owner, backups } = this.camera;
    this.put(triggerName, "");
    this.putCredentials();
    const text = configurations[configuration];
    if (text !== undefined) this.putForeign(text, mode, owner);
    for (let number = 1; number <= backups; number++) {
      this.put(`${configName}.backup.${number === backups ? 2_000_000_000 : number}`, `{"backup": ${number}}`);
    }
    this.put(".thermal_config.json.swp", "an editor's");
    this.put("own.crt.pem", ownCertificate);
    this.put("own.key.pem", ownKey);
  }

  put(name: string, bytes: string, rights: { mode?: number; owner?: number } = {}): void {
    this.disk.put(`${directory}/${name}`, bytes, rights);
  }

  putForeign(text: string, mode: number, owner: number): void {
    this.put(configName, text, { mode, owner });
    this.foreign = Buffer.from(text);
  }

  putCredentials({ key = provisionKey, secret = provisionSecret } = {}): void {
    const { strategy } = this.camera;
    const credentials = {
      server_url: this.#serverName,
      ...ordered(this.camera),
      provision_device_key: key,
      provision_device_secret: secret,
      timeout_seconds: timeoutSeconds,
      ...(strategy === "new device" ? {} : { device_name: fixedName }),
    };
    const text = JSON.stringify(credentials);
    this.credentials.push(Buffer.from(text));
    this.put(credentialsName, text);
  }

  /** Another camera was given this name a moment before: as often as it is meant to happen. */
  #takeName(bytes: Buffer): void {
    const name = requestIn(bytes)?.deviceName;
    const { namesTaken, strategy } = this.camera;
    const isOpen = strategy === "new device" || strategy === "fixed name";
    if (!isOpen || name === undefined || this.taken.length >= namesTaken) return;
    if (this.server.devices.some((device) => device.name === name)) return;
    this.server.register(name, accessToken(`another's ${this.taken.length + 1}`));
    this.registered.push(name);
    this.taken.push(name);
  }

  indulge(whim: Whim): void {
    switch (whim) {
      case "edit":
        this.edit();
        return;
      case "trigger":
        this.put(triggerName, "");
        return;
      case "wrong key":
        // Another key means another device; one that was mistyped comes before any that was right.
        if (!this.#wasAsked) this.putCredentials({ key: "wrongProvisionKey000" });
        return;
      case "wrong secret":
        this.putCredentials({ secret: "wrongProvisionSecret" });
        return;
      case "other name":
        // For a camera that is provisioned it would be the order for another device.
        if (this.#isProvisioned()) return;
        this.#serverName = this.#serverName === host ? otherName : host;
        this.putCredentials();
        return;
      case "1970":
        this.clock.setWallClock(new Date(5000));
        return;
    }
  }

  /** Another program adds a measurement spot. */
  edit(): void {
    const found = this.disk.find(`${directory}/${configName}`);
    if (found === undefined) return;
    this.putForeign(withSpot(found.bytes.toString("utf8"), ++this.edits), found.mode, found.owner);
  }

  /** One start, or two at once; each with what came of it. */
  async run(start: Start, wrap: Wrap = (files) => files): Promise<readonly Ended[]> {
    const hasNoLock = start.secondAt !== null;
    if (hasNoLock) this.wasAlone = false;
    const second: Promise<Ended>[] = [];
    const session = new Session(this.disk, start.interruptions, { hasNoLock });
    session.onDeath(() => {
      if (hasNoLock && this.camera.forgetting === "FAT") this.isTrusty = false;
    });
    session.onNetwork((number) => {
      if (number === start.editAt) this.edit();
      if (number === start.clockBackAt) this.indulge("1970");
      if (number === start.secondAt) second.push(this.#start(new Session(this.disk, [], { hasNoLock }), [], wrap));
    });
    const first = this.#start(session, start.disturbances, wrap);
    const all = first.then(async (ended) => [ended, ...(await Promise.all(second))]);
    const ended = await this.clock.untilDone(all);
    const results = ended.map(({ outcome }) => outcome?.result);
    const isSaved = results.every((result) => result === "provisioned" || result === "already_provisioned");
    if (isSaved && results.length === 1) this.isTrusty = true;
    this.server.forgetDisturbances();
    return ended;
  }

  async #start(session: Session, disturbances: Start["disturbances"], wrap: Wrap): Promise<Ended> {
    const began = this.clock.elapsed();
    session.onFile((call, args) => {
      if (session.failedSync && this.camera.forgetting === "FAT") this.isTrusty = false;
      this.onFile(call, args);
    });
    const outcome = await provision({
      directory,
      files: wrap(session.files, session),
      clock: this.clock,
      randomness: this.luck,
      deviceIdWithin: milliseconds(100),
      connect: this.server.connect(session, disturbances, {
        onFirstBytes: (bytes, certificate) => {
          if (bytes.includes(provisionKey)) {
            this.#wasAsked = true;
            this.#takeName(bytes);
          }
          this.onFirstBytes(bytes, certificate);
        },
        isTooWicked: (disturbance, bytes, certificate) => this.#isTooWicked(disturbance, bytes, certificate),
      }),
    });
    return { session, outcome: session.isDead ? undefined : outcome, took: this.clock.elapsed() - began };
  }

  /**
   * No server refuses a device that it has had for long. And one that gives the secret of another device is believed
   * when it does not know ours, or not yet: nobody can tell (docs/guarantees.md). Not yet: also when the name is
   * refused, and a second start makes the device under another one.
   */
  #isTooWicked(disturbance: Disturbance, bytes: Buffer, certificate: string | undefined): boolean {
    const refuses = disturbance.on === "probe" && disturbance.do === "code" && disturbance.code !== 3;
    if (refuses && this.#isConfigured(bytes, certificate)) return true;
    const isLate = disturbance.do === "timeOut" && typeof disturbance.work === "object";
    const mixesUp = disturbance.do === "answerForAnotherDevice";
    const mayComeLater = this.#wasLate || (!this.wasAlone && this.taken.length > 0);
    if ((mixesUp && mayComeLater) || ((isLate || refuses) && this.wasMixedUp)) return true;
    this.#wasLate ||= isLate;
    this.wasMixedUp ||= mixesUp;
    return false;
  }

  #isProvisioned(): boolean {
    const login = loginIn(this.disk.folder());
    const isKnown = this.server.devices.some((device) => device.login === login);
    return isKnown && login !== loginOfDevice({ credentials: accessToken(formerToken) });
  }

  #isConfigured(bytes: Buffer, certificate: string | undefined): boolean {
    const login = loginIn(this.disk.folder());
    return login !== undefined && logsIn(login, bytes, certificate);
  }

  /** Long enough for everything that the server does later. */
  async rest(): Promise<void> {
    await this.clock.pass(seconds(600));
  }
}
