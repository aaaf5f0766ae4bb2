/** What a label says of a camera; nothing of it is secret. */
export interface Label {
  /** Where it is known: the number on the case. */
  readonly serial?: string;
  readonly deviceName: string;
  /** The bare host of the server. */
  readonly server: string;
  readonly deviceId: string | null;
}

/** What stands in a label's QR code: JSON, with the version of its form first. A later version only adds. */
export function labelPayload({ serial, deviceName, server, deviceId }: Label): string {
  return JSON.stringify({
    thermal_provision_label: 1,
    ...(serial === undefined ? {} : { serial }),
    device_name: deviceName,
    server,
    ...(deviceId === null ? {} : { device_id: deviceId }),
  });
}
