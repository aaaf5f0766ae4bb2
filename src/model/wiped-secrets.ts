import * as v from "valibot";
import { isObject } from "../base/json-object.ts";

const trueOrFalse = "true or false";

/** The key of `provision.json` that has its secrets emptied. */
export const wipeEntries = {
  wipe_secret_after_success: v.optional(
    v.pipe(
      v.boolean(trueOrFalse),
      v.description(
        "An addition of thermal-provision. Whether key, secret, access_token and password become empty here once the camera is provisioned. Default: false.",
      ),
    ),
  ),
};

/** What becomes empty. */
export const wipedKeys: readonly string[] = [
  "provision_device_key",
  "provision_device_secret",
  "access_token",
  "password",
];

/** Whether `provision.json` asks for it. */
export function wipesSecrets(input: unknown): boolean {
  return isObject(input) && input["wipe_secret_after_success"] === true;
}

/** Whether it was done: the key is empty. */
export function isWiped(input: unknown): boolean {
  return wipesSecrets(input) && isObject(input) && input["provision_device_key"] === "";
}

/** What was wiped as the check of the rest wants it: with a key and a secret, and with nothing that is known in advance. */
export function asIfWhole(input: unknown): unknown {
  if (!isWiped(input) || !isObject(input)) return input;
  const kept = Object.entries(input).filter(([key]) => ![...wipedKeys, "client_id", "user_name"].includes(key));
  return { ...Object.fromEntries(kept), provision_device_key: "wiped", provision_device_secret: "wiped" };
}
