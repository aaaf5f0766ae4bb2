import "../base/require-supported-node.ts";

import { Station } from "./station.ts";

/** Factory stations: many cameras from a list, none twice. */
export const station = {
  open: Station.open,
} as const;

export { ProvisioningError } from "../model/errors.ts";
export type { Warning } from "../model/warnings.ts";
export type { Camera, Imported, LeftAlone, Which } from "./ledger/cameras.ts";
export type { CameraState } from "./ledger/tables.ts";
export type { ListRow } from "./list/list-row.ts";
export type { RunOptions } from "./run/prepare-run.ts";
export type { CameraEnd, StationEnd } from "./run/station-options.ts";
export type { Usage } from "./server/device-api.ts";
export type { Station } from "./station.ts";
export type { StationOptions } from "./station-options.ts";
