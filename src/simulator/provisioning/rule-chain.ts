import { milliseconds } from "../../base/duration.ts";
import type { Server } from "../server/server.ts";
import type { DeviceRecord } from "../tenant/device.ts";

/**
 * The rule chain sets the shared attribute `deviceId` after PROVISION_SUCCESS and after every CONNECT; an unchanged
 * value is neither saved nor pushed.
 */
export function tellDeviceId(device: DeviceRecord, server: Server, on: "provisioning" | "connect"): void {
  const after = server.database.profileOf(device)?.deviceIdAfter;
  if (after === undefined) return;
  server.run(undefined, async () => {
    if (after > 0) await server.sleep(milliseconds(after));
    else if (on === "connect") await afterTheAnswers();
    if (device.attributes.shared.get("deviceId") === device.id) return;
    device.attributes.shared.set("deviceId", device.id);
    server.sessions.pushAttributes(device, { deviceId: device.id });
  });
}

/** A rule chain is never faster than the answers to what came in one go with the CONNECT, which take fewer turns. */
async function afterTheAnswers(): Promise<void> {
  for (let turn = 0; turn < 8; turn++) await Promise.resolve();
}
