import { hostname } from "node:os";
import { systemClock } from "../base/clock.ts";
import { systemRandomness } from "../base/randomness.ts";
import { nodeFileSystem } from "../files/disk/file-system.ts";
import { ProvisioningError } from "../model/errors.ts";
import { problemInWords } from "../model/problem.ts";
import type { CameraFiles } from "./folder/camera-folder.ts";
import { CameraFolders } from "./folder/camera-folder.ts";
import { readSecretFile } from "./folder/secret-file.ts";
import {
  addCameras,
  type Camera,
  countCameras,
  countCauses,
  forgetCamera,
  type Imported,
  listCameras,
  retryCameras,
  takenNames,
  type Which,
} from "./ledger/cameras.ts";
import type { Ledger } from "./ledger/ledger.ts";
import { readLedgerJournal } from "./ledger/ledger-journal.ts";
import { openLedger } from "./ledger/open-ledger.ts";
import { parseLedgerKey, plainSealing, type Sealing, sealingWith } from "./ledger/sealing.ts";
import type { ListRow } from "./list/list-row.ts";
import { invalidList, readList } from "./list/read-list.ts";
import { cameraFiles } from "./run/one-camera.ts";
import { prepareRun, prepareServer, type RunOptions } from "./run/prepare-run.ts";
import type { StationEnd } from "./run/station-options.ts";
import { StationRun } from "./run/station-run.ts";
import type { Effects, StationOptions } from "./station-options.ts";

/** A factory station: a ledger of cameras, and what can be done with it. */
export class Station implements AsyncDisposable {
  readonly #ledger: Ledger;
  readonly #options: StationOptions;
  readonly #effects: Effects;

  private constructor(ledger: Ledger, options: StationOptions, effects: Effects) {
    this.#ledger = ledger;
    this.#options = options;
    this.#effects = effects;
  }

  /**
   * Opens the ledger, and brings it up to date.
   *
   * @throws ProvisioningError LEDGER_AWAY, LEDGER_REFUSED, LEDGER_UNUSABLE, PLATFORM_UNSUPPORTED; those of the disk
   */
  static async open(options: StationOptions): Promise<Station> {
    const effects: Effects = {
      files: options.files ?? nodeFileSystem,
      clock: options.clock ?? systemClock,
      randomness: options.randomness ?? systemRandomness,
      signal: options.signal ?? new AbortController().signal,
    };
    const { ledger: place, ledgerPasswordFile, create = false, onLedgerAway: onAway } = options;
    const password =
      ledgerPasswordFile === undefined
        ? undefined
        : readSecretFile(effects.files, ledgerPasswordFile, { code: "LEDGER_REFUSED" });
    const ledger = await openLedger(
      effects.files,
      { place, create, ...(password === undefined ? {} : { password }) },
      { clock: effects.clock, signal: effects.signal, ...(onAway === undefined ? {} : { onAway }) },
    );
    return new Station(ledger, options, effects);
  }

  /**
   * Takes the cameras of a list (CSV) into the ledger: those that are new, all of them or none. `file` is the list's
   * name in messages.
   *
   * @throws ProvisioningError LIST_INVALID with every mistake
   */
  async import(file: string, list: Uint8Array): Promise<Imported> {
    return this.add(file, readList(file, list));
  }

  /**
   * The same with a list that was read already.
   *
   * @throws ProvisioningError LIST_INVALID
   */
  async add(file: string, rows: readonly ListRow[]): Promise<Imported> {
    const taken = await takenNames(this.#ledger, rows);
    if (taken.length === 0) return addCameras(this.#ledger, rows);
    const problems = taken.map(({ line }) => {
      const found = "a name that another camera of the ledger has";
      return problemInWords({ file, line, path: ["device_name"], found, expected: "one that is free" });
    });
    throw invalidList(file, problems);
  }

  /** Provisions all cameras of the ledger that are not proved yet. */
  async run(options: RunOptions): Promise<StationEnd> {
    const prepared = await prepareRun(options, this.#effects);
    try {
      const sealing = await this.#sealing();
      await this.#ledger.checkServer(prepared.setup.server.credentials.host);
      const counts = await this.count();
      await prepared.announce(counts.new + counts.waiting + counts.running);
      const station = `${options.station ?? hostname()}/${nonce(this.#effects)}`;
      return await new StationRun({ ...prepared.setup, station, sealing, ledger: this.#ledger }).run();
    } finally {
      prepared[Symbol.dispose]();
    }
  }

  count() {
    return countCameras(this.#ledger);
  }

  /** The host that the cameras are provisioned at; undefined before the first run. */
  server(): Promise<string | undefined> {
    return this.#ledger.setting("server");
  }

  /** How many cameras failed or wait for each cause. */
  causes() {
    return countCauses(this.#ledger);
  }

  cameras(which: Which = {}): AsyncGenerator<Camera> {
    return listCameras(this.#ledger, which);
  }

  /** Gives failed cameras one more chance, all or those named. Gives their serial numbers. */
  retry(serials?: readonly string[]): Promise<readonly string[]> {
    return retryCameras(this.#ledger, serials);
  }

  /** Writes the files of a proved camera once more. Gives the folder. */
  async export(serial: string, options: RunOptions): Promise<void> {
    const { server, template } = prepareServer(options, this.#effects);
    const { files, clock } = this.#effects;
    await this.#ledger.checkServer(server.credentials.host);
    const journal = await readLedgerJournal(this.#ledger, await this.#sealing(), serial);
    const camera = await this.#camera(serial);
    const record = journal.received.at(-1) ?? journal.intents.at(-1);
    if (camera.state !== "proved" || record === undefined) {
      throw new ProvisioningError("USAGE", `${serial} is ${camera.state}: only what is proved is exported`);
    }
    const { credentials, deviceName, attemptId } = record;
    const { deviceId } = camera;
    const proof = { candidate: { origin: "received" as const, credentials, deviceName, deviceId }, deviceId };
    const withProvisionJson = options.withProvisionJson ?? false;
    const made: CameraFiles = cameraFiles(server, proof, attemptId, { withProvisionJson, clock });
    new CameraFolders(files, options.output ?? "cameras", template).write(serial, made);
  }

  /**
   * Forgets a camera and its secret; with `deleteDevice`, the server forgets its device first.
   *
   * @throws ProvisioningError USAGE where there is no such camera, or it is just being provisioned
   */
  async forget(serial: string, deleteDevice?: RunOptions): Promise<void> {
    const { state } = await this.#camera(serial);
    if (state === "running") throw new ProvisioningError("USAGE", `${serial} is just being provisioned`);
    if (deleteDevice !== undefined) await this.#deleteDevice(serial, deleteDevice);
    await forgetCamera(this.#ledger, serial);
  }

  async #deleteDevice(serial: string, options: RunOptions): Promise<void> {
    const prepared = await prepareRun(options, this.#effects);
    try {
      const { registry } = prepared.setup;
      if (registry === undefined) throw new ProvisioningError("USAGE", "a device is deleted with an API key only");
      await this.#ledger.checkServer(prepared.setup.server.credentials.host);
      const { intents } = await readLedgerJournal(this.#ledger, await this.#sealing(), serial);
      for (const { deviceName, credentials } of intents) {
        const deviceId = await registry.api.deviceId(deviceName, this.#effects.signal);
        if (deviceId === undefined) continue;
        if (await registry.api.hasCredentials(deviceId, credentials, this.#effects.signal)) {
          await registry.api.delete(deviceId, this.#effects.signal);
        } else throw new ProvisioningError("DEVICE_CONFLICT", `the device ${deviceName} has other credentials by now`);
      }
    } finally {
      prepared[Symbol.dispose]();
    }
  }

  async #camera(serial: string): Promise<Camera> {
    for await (const camera of this.cameras({ serials: [serial] })) return camera;
    throw new ProvisioningError("USAGE", `the ledger has no camera ${serial}`);
  }

  async #sealing(): Promise<Sealing> {
    const sealing = sealingOf(this.#options, this.#effects);
    await this.#ledger.checkKey(sealing);
    return sealing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#ledger[Symbol.asyncDispose]();
  }
}

function sealingOf({ ledgerKeyFile, keyIsKept = false, plainLedger = false }: StationOptions, effects: Effects) {
  if (ledgerKeyFile === undefined) {
    if (plainLedger) return plainSealing;
    throw new ProvisioningError("LEDGER_KEY_WRONG", "no key for the ledger was given (--ledger-key-file)");
  }
  if (plainLedger) throw new ProvisioningError("USAGE", "a ledger has a key, or it is plain");
  const text = readSecretFile(effects.files, ledgerKeyFile, { code: "LEDGER_KEY_WRONG", isKept: keyIsKept });
  const key = parseLedgerKey(text.reveal());
  if (key !== undefined) return sealingWith(key, effects.randomness);
  throw new ProvisioningError("LEDGER_KEY_WRONG", `${ledgerKeyFile} does not hold 32 bytes in base64`);
}

function nonce({ randomness }: Effects): string {
  return Buffer.from(randomness.bytes(4)).toString("hex");
}
