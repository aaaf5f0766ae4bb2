/** A ThingsBoard device id: a UUID, in any case (specification, DeviceCredentials). */
export function isDeviceId(text: string): boolean {
  return /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(text);
}
