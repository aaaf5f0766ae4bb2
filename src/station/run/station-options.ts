import type { Clock } from "../../base/clock.ts";
import type { Randomness } from "../../base/randomness.ts";
import type { FileSystem } from "../../files/disk/file-system.ts";
import type { ErrorCode, ProvisioningError } from "../../model/errors.ts";
import type { Connect } from "../../transport/link.ts";
import type { CameraFolders } from "../folder/camera-folder.ts";
import type { StationServer } from "../folder/provision-file.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { Sealing } from "../ledger/sealing.ts";
import type { CameraState } from "../ledger/tables.ts";
import type { Pace } from "../pace/pace.ts";
import type { Registry } from "../server/register.ts";

/** What a run of a station needs. */
export interface StationSetup {
  readonly ledger: Ledger;
  readonly sealing: Sealing;
  readonly server: StationServer;
  /** How devices are made over REST; undefined: by the provisioning conversation, as a camera does it. */
  readonly registry: Registry | undefined;
  /** Undefined: no files are written; `export` makes them later. */
  readonly folders: CameraFolders | undefined;
  /** Write `provision.json` and the trigger, too, so that the camera proves its device itself. */
  readonly withProvisionJson: boolean;
  /** The name of this run, different from that of every other. */
  readonly station: string;
  readonly concurrency: number;
  readonly pace: Pace;
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly randomness: Randomness;
  readonly files: FileSystem;
  readonly connect?: Connect;
  /** Told of every camera that ends, for good or for now. */
  readonly onCamera: (camera: CameraEnd) => void;
}

/** How a camera ended in this run. */
export interface CameraEnd {
  readonly serial: string;
  readonly deviceName: string;
  readonly state: Extract<CameraState, "proved" | "waiting" | "failed">;
  readonly deviceId: string | null;
  readonly cause: ErrorCode | undefined;
  readonly message: string | undefined;
}

/** How a run of a station ended. */
export interface StationEnd {
  readonly exitStatus: 0 | ProvisioningError["exitStatus"];
  /** All cameras of the ledger, at the end. */
  readonly counts: Readonly<Record<CameraState, number>>;
  /** What ended the run before all cameras were through. */
  readonly error: ProvisioningError | undefined;
}
