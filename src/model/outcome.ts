import type { CameraState } from "./camera-state.ts";
import type { DeviceCredentials } from "./device-credentials.ts";
import type { ErrorKind, ProvisioningError } from "./errors.ts";
import type { ProvisioningStatus } from "./provisioning-status.ts";
import type { Warning } from "./warnings.ts";

interface Ended {
  readonly status: ProvisioningStatus;
  /** In the order in which they came up. */
  readonly warnings: readonly Warning[];
}

/** How a run ended: failures are values. */
export type Outcome =
  /** The camera has new, proved credentials in `thermal_config.json`. */
  | (Ended & {
      readonly result: "provisioned";
      readonly exitStatus: 0;
      readonly credentials: DeviceCredentials;
      /** The whole path of `thermal_config.json`, and whether this run made it: then nobody may be reading it. */
      readonly configuration: { readonly path: string; readonly isNew: boolean };
    })
  /** The credentials that were there already still work; nothing new was made. */
  | (Ended & {
      readonly result: "already_provisioned";
      readonly exitStatus: 0;
      readonly credentials: DeviceCredentials;
    })
  /** No trigger and nothing unfinished: nobody was asked. `camera` is what the files say that it is. */
  | (Ended & { readonly result: "nothing_to_do"; readonly exitStatus: 0; readonly camera: CameraState })
  | (Ended & {
      readonly result: "failed";
      readonly exitStatus: ErrorKind["exitStatus"];
      readonly error: ProvisioningError;
    });
