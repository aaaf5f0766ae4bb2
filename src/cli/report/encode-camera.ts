import type { CameraState } from "../../model/camera-state.ts";

/** What the camera is, as its files say. */
export function encodeCamera({ directory, state, device, missing, misnamedTrigger }: CameraState) {
  return {
    directory,
    state: state.replace(" ", "_"),
    device:
      device === undefined
        ? null
        : {
            device_id: device.deviceId,
            device_name: device.deviceName,
            server_url: device.host,
            server_port: device.serverPort,
            use_ssl: device.useSsl,
            provisioned_at: device.provisionedAt?.toISOString() ?? null,
            attempt_id: device.attemptId,
          },
    missing,
    misnamed_trigger: misnamedTrigger ?? null,
  };
}
