import { disconnectReasons } from "../mqtt/connack-codes.ts";
import type { DeviceRecord, JsonValue } from "../tenant/device.ts";
import type { DeviceSession } from "./device-session.ts";

/** `actors.session.max_concurrent_sessions_per_device`. */
const sessionsPerDevice = 1;

/** Who is connected, by device. */
export class DeviceSessions {
  readonly #byDevice = new Map<string, DeviceSession[]>();

  get all(): DeviceSession[] {
    return [...this.#byDevice.values()].flat();
  }

  of(device: DeviceRecord): readonly DeviceSession[] {
    return this.#byDevice.get(device.id) ?? [];
  }

  add(session: DeviceSession): void {
    const others = this.of(session.device).filter(({ connection }) => connection !== session.connection);
    this.#byDevice.set(session.device.id, [...others, session]);
  }

  remove(session: DeviceSession): void {
    const rest = this.of(session.device).filter((other) => other !== session);
    if (rest.length === 0) this.#byDevice.delete(session.device.id);
    else this.#byDevice.set(session.device.id, rest);
  }

  /** The oldest give way to the newest (docs/thingsboard-protocol.md#two-sessions-with-one-token). */
  closeOldest(device: DeviceRecord): void {
    const sessions = this.of(device);
    for (const session of sessions.slice(0, Math.max(0, sessions.length - sessionsPerDevice))) {
      session.connection.close(disconnectReasons.sessionTakenOver);
    }
  }

  /** An administrator has changed the credentials or deleted the device. */
  closeAll(device: DeviceRecord): void {
    for (const session of this.of(device)) session.connection.close(disconnectReasons.administrativeAction);
  }

  pushAttributes(device: DeviceRecord, change: Readonly<Record<string, JsonValue>>): void {
    for (const session of this.of(device)) session.pushAttributes(change);
  }
}
