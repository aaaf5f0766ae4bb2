import { join } from "node:path";
import { during } from "../files/disk/file-error.ts";
import type { FileSystem } from "../files/disk/file-system.ts";
import { configName, credentialsName, triggerName } from "../files/file-names.ts";
import { readThermalConfig } from "../files/thermal-config-file.ts";
import { misnamedTrigger } from "../files/trigger.ts";
import type { CameraState, KnownDevice } from "../model/camera-state.ts";
import { ProvisioningError } from "../model/errors.ts";
import type { ConfiguredCredentials } from "../model/thermal-config.ts";

/** What the configuration says; `unknown` where it cannot be used, which is told when the input files are read. */
export function readConfigured(fs: FileSystem, directory: string): ConfiguredCredentials | "unknown" | undefined {
  try {
    return readThermalConfig(fs, directory).configured;
  } catch (error) {
    if (ProvisioningError.is(error)) return "unknown";
    throw error;
  }
}

export function cameraState(
  fs: FileSystem,
  directory: string,
  configured: ConfiguredCredentials | "unknown" | undefined,
): CameraState {
  return during(`looking into ${directory}`, () => {
    const names = fs.list(directory);
    return {
      directory,
      state: stateOf(configured),
      device: configured === undefined || configured === "unknown" ? undefined : withoutSecret(configured),
      missing: [triggerName, credentialsName, configName].filter((name) => !names.includes(name)),
      misnamedTrigger: misnamedTrigger(names, (name) => fs.lstat(join(directory, name))?.kind === "file"),
    };
  });
}

export function stateOf(configured: ConfiguredCredentials | "unknown" | undefined): CameraState["state"] {
  if (configured === "unknown") return "unknown";
  if (configured === undefined) return "not provisioned";
  return configured.attemptId === null ? "unproved" : "provisioned";
}

/** What may be told of a configured device. */
export function withoutSecret({
  credentials: _secret,
  provisionedWith: _key,
  ...device
}: ConfiguredCredentials): KnownDevice {
  return device;
}
