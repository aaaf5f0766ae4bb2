import { closings } from "../mqtt/codes.ts";
import type { Connection } from "../mqtt/connection.ts";
import type { DeviceRecord, JsonValue } from "../tenant/device.ts";

/** A session of a device, as far as the rest of the server has to do with it. */
export interface OpenSession {
  readonly connection: Connection;
  readonly device: DeviceRecord;
  /** A change of shared attributes, if the device has subscribed to them. */
  pushAttributes(change: Readonly<Record<string, JsonValue>>): void;
  /** Whether the device has subscribed to requests. */
  pushRpc(requestId: number, body: string): boolean;
}

/** `actors.session.max_concurrent_sessions_per_device`. */
const sessionsPerDevice = 1;

/** Who is connected, by device. */
export class DeviceSessions {
  readonly #byDevice = new Map<string, OpenSession[]>();

  get all(): OpenSession[] {
    return [...this.#byDevice.values()].flat();
  }

  of(device: DeviceRecord): readonly OpenSession[] {
    return this.#byDevice.get(device.id) ?? [];
  }

  add(session: OpenSession): void {
    const others = this.of(session.device).filter(({ connection }) => connection !== session.connection);
    this.#byDevice.set(session.device.id, [...others, session]);
  }

  remove(session: OpenSession): void {
    const rest = this.of(session.device).filter((other) => other !== session);
    if (rest.length === 0) this.#byDevice.delete(session.device.id);
    else this.#byDevice.set(session.device.id, rest);
  }

  /** The oldest give way to the newest (docs/thingsboard-protocol.md#two-sessions-with-one-token). */
  closeOldest(device: DeviceRecord): void {
    const sessions = this.of(device);
    for (const session of sessions.slice(0, Math.max(0, sessions.length - sessionsPerDevice))) {
      session.connection.close(closings.takenOver);
    }
  }

  /** An administrator has changed the credentials or deleted the device. */
  closeAll(device: DeviceRecord): void {
    for (const session of this.of(device)) session.connection.close(closings.administrator);
  }

  pushAttributes(device: DeviceRecord, change: Readonly<Record<string, JsonValue>>): void {
    for (const session of this.of(device)) session.pushAttributes(change);
  }
}
