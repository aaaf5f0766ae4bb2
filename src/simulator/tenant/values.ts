import type { JsonValue } from "./device.ts";

/** Attributes or telemetry of a device by key. Whoever keeps the device is told of every change. */
export class Values extends Map<string, JsonValue> {
  onChange?: () => void;

  override set(key: string, value: JsonValue): this {
    super.set(key, value);
    this.onChange?.();
    return this;
  }

  override delete(key: string): boolean {
    const was = super.delete(key);
    if (was) this.onChange?.();
    return was;
  }
}
