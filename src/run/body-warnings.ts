import { readBody } from "../files/body.ts";
import type { FileSystem } from "../files/disk/file-system.ts";
import type { CameraState } from "../model/camera-state.ts";
import { type Warning, warning } from "../model/warnings.ts";
import type { ProvisionOptions } from "./provision-options.ts";

/** Of a camera of which nothing is asked: whether the board on which it was provisioned is another one. */
export function bodyWarnings(
  files: FileSystem,
  { device }: CameraState,
  { bodyFile, noBody = false, bodyReplaced = false }: Pick<ProvisionOptions, "bodyFile" | "noBody" | "bodyReplaced">,
): readonly Warning[] {
  if (device?.body == null || noBody || bodyReplaced) return [];
  const body = readBody(files, bodyFile);
  return body === undefined || body === device.body ? [] : [warning("BODY_DIFFERS")];
}
