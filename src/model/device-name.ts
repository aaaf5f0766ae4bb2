import { type Randomness, randomText } from "../base/randomness.ts";

/** The specification's default for `device_name_prefix`, and its fixed `device_type`. */
export const defaultPrefix = "thermal-camera";

/**
 * How the camera is named: by a prefix and six random characters (specification, ProvisioningRequest), or by the
 * fixed `device_name` of a device that was registered beforehand.
 */
export type Naming =
  | { readonly kind: "generated"; readonly prefix: string }
  | { readonly kind: "fixed"; readonly name: string };

const suffixAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

/** `thermal-camera-7QX2M9`: the prefix, a hyphen, six of A-Z and 0-9. Two billion names a prefix. */
export function generateDeviceName(prefix: string, randomness: Randomness): string {
  return `${prefix}-${randomText(randomness, suffixAlphabet, 6)}`;
}

/** Whether `name` is one that this naming gives. */
export function fits(name: string, naming: Naming): boolean {
  if (naming.kind === "fixed") return name === naming.name;
  return name.startsWith(`${naming.prefix}-`) && /^[A-Z0-9]{6}$/.test(name.slice(naming.prefix.length + 1));
}

/**
 * Whether ThingsBoard takes `name` as it is: 1 to 255 UTF-16 units, equal to its own `trim()` (the server trims and
 * would register another name; an empty name makes it invent one), no control characters, no half characters.
 */
export function isDeviceName(name: string): boolean {
  return name.length >= 1 && name.length <= 255 && name === name.trim() && isPlainText(name);
}

/** No control characters, and no half of a surrogate pair, which UTF-8 cannot carry. */
export function isPlainText(text: string): boolean {
  return !/[\p{Cc}\p{Cs}]/u.test(text);
}
