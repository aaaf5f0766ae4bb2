import type { Clock } from "../base/clock.ts";
import type { Duration } from "../base/duration.ts";
import type { Randomness } from "../base/randomness.ts";
import type { FileSystem } from "../files/disk/file-system.ts";
import type { ErrorCode } from "../model/errors.ts";
import type { ProvisioningStatus } from "../model/provisioning-status.ts";
import type { Warning } from "../model/warnings.ts";
import type { Connect, Diagnose } from "../transport/link.ts";

/** A wait before another try, for a countdown. */
export interface Retry {
  readonly wait: Duration;
  readonly because: ErrorCode;
  /** The message of the error that made it necessary. */
  readonly message: string;
}

/** A request that is sent, with the specification's `created_at`, or an answer, with its `received_at`. No secrets. */
export type Exchange =
  | { readonly kind: "request"; readonly deviceName: string; readonly createdAt: Date }
  | { readonly kind: "response"; readonly deviceName: string; readonly status: string; readonly receivedAt: Date };

/** A try begins: from opening the connection to the verified answer. */
export interface Try {
  /** It ends within this time, and another one may follow. */
  readonly within: Duration;
}

/** What `provision` is asked to do, who listens, and every effect that it has. All of it has a default. */
export interface ProvisionOptions {
  /** The folder of the camera's files. Default: the current one. */
  readonly directory?: string;
  /** Stops the run; the next one goes on where it stopped. */
  readonly signal?: AbortSignal;
  /** Keep trying what may pass until it is done or `signal` aborts. Default false. */
  readonly wait?: boolean;
  /** Make a new device on purpose, although the credentials of the present one may work. Default false. */
  readonly newIdentity?: boolean;
  /**
   * Do not record which board this is: for images and benches, whose cards go into other cameras. Default false: a hash of
   * the device tree's serial number is kept, where there is one.
   */
  readonly noBody?: boolean;
  /** Accept what another board began, or has: this camera's board was replaced. Default false. */
  readonly bodyReplaced?: boolean;
  /** The file with the board's serial number. Default: the device tree's. */
  readonly bodyFile?: string;
  /** Refuse to speak plain text. Default false. */
  readonly requireTls?: boolean;
  /** PEM files of certificate authorities, `system` for the system's; outranks `ca_file` of provision.json. */
  readonly caFile?: string | readonly string[];
  /** The name that the server's certificate must have, instead of the host; outranks `server_name`. */
  readonly serverName?: string;
  /** `sha256/…`, of which one must be in the server's certificate chain; outranks `pinned_public_keys`. */
  readonly pinnedPublicKeys?: readonly string[];
  /**
   * The HTTP proxy that leads to the server, `http://proxy.example:3128`; outranks `proxy` of provision.json. Without user
   * name and password, which belong there.
   */
  readonly proxy?: string;
  /**
   * Asks an authority for the camera's certificate, where `credentials_type` is X509_CERTIFICATE and no
   * `client_certificate_file` is given: takes a request (PKCS #10, PEM), gives the certificate and behind it those that signed
   * it (PEM). The key stays on the camera, and is the same until the camera is provisioned. What it throws ends the run
   * with CERTIFICATE_NOT_ISSUED, or is itself that end where it is a ProvisioningError. Default: the certificate is signed by its own key.
   */
  readonly requestCertificate?: (request: string, signal: AbortSignal) => Promise<string>;
  /** Where systemd keeps the files `provision_device_secret` and `access_token` for the service; the command takes `$CREDENTIALS_DIRECTORY`. */
  readonly credentialsDirectory?: string;
  /** Make errors of the warnings FILES_NOT_KEPT and FILES_NOT_PRIVATE. Default false. */
  readonly strictFiles?: boolean;
  /** Go on in a folder that other users may write, or that is another user's: who writes it decides where the camera reports. Default false. */
  readonly allowSharedFolder?: boolean;
  /** How long to ask for the device id on the verified connection; 0: take what the first answer says. Default 500 ms. */
  readonly deviceIdWithin?: Duration;

  /**
   * Told as it happens, and not waited for, each time a frozen copy. One that throws, or rejects, does not disturb the run: the outcome has the
   * warning LISTENER_FAILED.
   */
  readonly onStatus?: (status: ProvisioningStatus) => void;
  /** As `onStatus`. */
  readonly onWarning?: (warning: Warning) => void;
  /** As `onStatus`. */
  readonly onRetry?: (retry: Retry) => void;
  /** As `onStatus`. */
  readonly onTry?: (begun: Try) => void;

  /** As `onStatus`: each request and each answer, with its moment. */
  readonly onExchange?: (exchange: Exchange) => void;

  /**
   * Every call to the disk. Default: `nodeFileSystem`, of which a test can replace one call:
   *
   * ```ts
   * import { nodeFileSystem, provision } from "thermal-provision";
   *
   * const full = Object.assign(new Error("no space"), { code: "ENOSPC" });
   * const files = { ...nodeFileSystem, write: () => { throw full; } };
   * await provision({ directory: "camera", files });
   * ```
   */
  readonly files?: FileSystem;
  /** Default: `systemClock`. */
  readonly clock?: Clock;
  /** Default: `systemRandomness`. */
  readonly randomness?: Randomness;
  /** Opens the connections. Default: `connect`, over TCP and TLS. */
  readonly connect?: Connect;
  /** Looks what a failure comes from, by connections of its own. Default: with the default of `connect`, else not. */
  readonly diagnose?: Diagnose;
}
