import { join } from "node:path";
import type { Secret } from "../../base/secret.ts";
import { draft, removeQuietly, replaceFile, temporaryFiles } from "../../files/disk/durable-files.ts";
import { during } from "../../files/disk/file-error.ts";
import type { FileSystem } from "../../files/disk/file-system.ts";
import { privateRights } from "../../files/disk/rights.ts";
import { configName, credentialsName, triggerName } from "../../files/file-names.ts";
import { changedConfig } from "../../files/thermal-config-file.ts";
import { type Credentials, writeCredentials } from "../../model/credentials.ts";
import type { ConfigChange } from "../../model/thermal-config.ts";

/**
 * What a camera is to find when it is started for the first time: its credentials in the configuration, or a
 * `provision.json` with them, with which it proves and claims its device itself. Not both: a camera whose configuration
 * works takes itself for provisioned, and claims nothing.
 */
export type CameraFiles = { readonly change: ConfigChange } | { readonly provision: ProvisionFile };

export interface ProvisionFile {
  readonly serverUrl: string;
  readonly serverPort: number;
  readonly useSsl: boolean;
  readonly key: Secret;
  readonly secret: Secret;
  readonly deviceName: string;
  readonly credentials: Credentials;
}

/** What a trial is called; nothing ever has this name. */
const trialName = "trial";
const names: readonly string[] = [configName, credentialsName, triggerName];

/** Writes the folders of cameras below one folder. */
export class CameraFolders {
  readonly #fs: FileSystem;
  readonly #folder: string;
  readonly #template: Uint8Array | undefined;

  /** `template` is the `thermal_config.json` that every camera's begins as; comments and foreign keys stay. */
  constructor(fs: FileSystem, folder: string, template: Uint8Array | undefined) {
    this.#fs = fs;
    this.#folder = folder;
    this.#template = template;
  }

  /** Tries whether the folder can be written, before anything is asked of the server. Throws ProvisioningError. */
  check(): void {
    this.#during(() => {
      this.#make(this.#folder);
      this.#sweep(this.#folder, [trialName]);
      // Never renamed: other stations try the same folder at the same time.
      draft(this.#fs, join(this.#folder, trialName), new Uint8Array(), privateRights, ({ handle }) =>
        this.#fs.sync(handle),
      );
    });
  }

  /**
   * Writes the files of the camera `serial`. Each appears complete or not at all, for its owner only; the trigger comes
   * last, so that no camera begins with half of them. The same again writes the same.
   */
  write(serial: string, files: CameraFiles): void {
    this.#during(() => {
      const folder = join(this.#folder, serial);
      this.#make(this.#folder);
      this.#make(folder);
      this.#sweep(folder, names);
      if ("change" in files) {
        this.#replace(folder, configName, changedConfig({ bytes: this.#template }, files.change));
        return;
      }
      if (this.#template !== undefined) this.#replace(folder, configName, this.#template);
      this.#replace(folder, credentialsName, new TextEncoder().encode(provisionText(files.provision)));
      this.#replace(folder, triggerName, new Uint8Array());
    });
  }

  #make(path: string): void {
    if (this.#fs.lstat(path) === undefined) {
      try {
        this.#fs.makeFolder(path, 0o700);
      } catch (error) {
        // Another station may have been faster.
        if (this.#fs.lstat(path) === undefined) throw error;
      }
    }
  }

  /** Takes away what stations left half written that were killed: there may be a token in it. */
  #sweep(folder: string, ours: readonly string[]): void {
    const owner = this.#fs.lstat(folder)?.owner;
    if (owner === undefined) return;
    const left = temporaryFiles(this.#fs, folder, (name) => ours.includes(name), [owner]);
    for (const path of left) removeQuietly(this.#fs, path);
  }

  #replace(folder: string, name: string, bytes: Uint8Array): void {
    replaceFile(this.#fs, join(folder, name), bytes, { rights: privateRights });
  }

  #during(work: () => void): void {
    during(`writing the cameras' files in ${this.#folder}`, work);
  }
}

function provisionText(file: ProvisionFile): string {
  const body = {
    server_url: file.serverUrl,
    server_port: file.serverPort,
    use_ssl: file.useSsl,
    provision_device_key: file.key.reveal(),
    provision_device_secret: file.secret.reveal(),
    device_name: file.deviceName,
    ...(file.credentials.type === "ACCESS_TOKEN" ? {} : { credentials_type: file.credentials.type }),
    ...writeCredentials(file.credentials),
  };
  return `${JSON.stringify(body, null, 2)}\n`;
}
