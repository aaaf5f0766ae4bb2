import type { CameraState, KnownDevice } from "../../model/camera-state.ts";
import { serverUrl } from "./server-url.ts";

/** What the camera is, in one line: what its files say, and not what the server would. */
export function cameraInWords({ state, device }: CameraState): string {
  const name = device === undefined || device.deviceName === "" ? "the camera" : device.deviceName;
  switch (state) {
    case "provisioned":
      return `${name} is provisioned (proved on ${dateOf(device)}, not asked now)`;
    case "unproved":
      return `${name} has credentials, which no run of thermal-provision has proved`;
    case "not provisioned":
      return "this camera is not provisioned";
    case "unknown":
      return "thermal_config.json cannot be used, so what this camera is cannot be told";
  }
}

function dateOf(device: KnownDevice | undefined): string {
  return device?.provisionedAt?.toISOString().slice(0, 10) ?? "an unknown day";
}

/** The server that the camera is for; undefined where its configuration does not name it whole. */
export function serverOf(device: KnownDevice | undefined): string | undefined {
  if (device === undefined || device.host === "") return undefined;
  const { host, serverPort, useSsl } = device;
  return serverPort === null ? host : serverUrl({ host, port: serverPort, tls: useSsl ?? false });
}
