import { readSerial } from "./files/body.ts";
import { look } from "./files/look.ts";
import { readThermalConfig } from "./files/thermal-config-file.ts";
import { ProvisioningError } from "./model/errors.ts";
import { type Label, labelPayload } from "./model/label.ts";
import type { ProvisionOptions } from "./run/provision-options.ts";
import { surroundings as withDefaults } from "./run/surroundings.ts";

/** A camera's label, and what its QR code says. No secret is in either. */
export interface CameraLabel extends Label {
  /** JSON, with the version of its form first. */
  readonly payload: string;
}

/**
 * What a label on this camera says: the board's serial number where it tells one, the device, its server. Asks nobody.
 *
 * @throws ProvisioningError NOT_PROVISIONED, and those of a configuration that cannot be used
 */
export async function label(
  options: Pick<ProvisionOptions, "directory" | "files" | "bodyFile"> = {},
): Promise<CameraLabel> {
  const { files, directory, bodyFile } = withDefaults(options);
  look(files, directory);
  const { configured } = readThermalConfig(files, directory);
  if (configured === undefined || configured.attemptId === null || configured.deviceName === "") {
    throw new ProvisioningError(
      "NOT_PROVISIONED",
      `${directory} holds no credentials that were proved; nothing to label`,
    );
  }
  const serial = readSerial(files, bodyFile);
  const { deviceName, host: server, deviceId } = configured;
  const content = { ...(serial === undefined ? {} : { serial }), deviceName, server, deviceId };
  return { ...content, payload: labelPayload(content) };
}
