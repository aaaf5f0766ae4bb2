import * as v from "valibot";
import { isObject } from "../base/json-object.ts";
import { describe } from "./check.ts";
import { type Credentials, isAccessToken, type OwnType, ownTypes } from "./credentials.ts";
import { keysOfType, readCredentials } from "./credentials-keys.ts";
import type { Problem } from "./problem.ts";
import { strangeness } from "./strange-characters.ts";

/** What `provision.json` says of what the device logs in with. All of it is ours. */
export interface LoginChoices {
  /** The kind that the camera makes and asks for. Default ACCESS_TOKEN. */
  readonly credentialsType?: OwnType;
  /** What the device logs in with, known in advance, as from the import of a device list. */
  readonly inAdvance?: Credentials;
}

const part = "1 to 2000 characters, none of them a control character";
/** What stands in a secret by mistake, and nobody sees. */
export const unseen = "a text without blanks at its ends, line ends and invisible characters";
const notProvision =
  'another text: with "provision" ThingsBoard begins a provisioning, so that no device can log in with it';

function text(description: string) {
  const rules = v.pipe(
    v.string(part),
    v.minLength(1, part),
    v.maxLength(2000, part),
    v.check((typed) => typed !== "provision", notProvision),
    v.check(isAccessToken, part),
    v.check((typed) => strangeness(typed) === undefined, unseen),
  );
  return v.optional(v.pipe(rules, v.description(`An addition of thermal-provision. ${description}`)));
}

/** The keys of `provision.json` that say it. */
export const loginEntries = {
  access_token: text("The device's access token, known beforehand; needs device_name."),
  credentials_type: v.optional(
    v.pipe(
      v.picklist(ownTypes, `one of ${ownTypes.join(", ")}`),
      v.description("An addition of thermal-provision. What the device will log in with. Default: ACCESS_TOKEN."),
    ),
  ),
  client_id: text("The device's MQTT client id, known beforehand; needs credentials_type MQTT_BASIC and device_name."),
  user_name: text("The device's MQTT user name, known beforehand; needs credentials_type MQTT_BASIC and device_name."),
  password: text("The device's MQTT password, known beforehand; needs user_name."),
};

export const secretLoginKeys: readonly string[] = Object.values(keysOfType).flat();

/** What was chosen, in an object that was checked. */
export function loginChoices(value: v.InferOutput<v.ObjectSchema<typeof loginEntries, undefined>>): LoginChoices {
  const { credentials_type: credentialsType } = value;
  const inAdvance = readCredentials(credentialsType ?? "ACCESS_TOKEN", value);
  return {
    ...(credentialsType === undefined ? {} : { credentialsType }),
    ...(inAdvance === undefined ? {} : { inAdvance }),
  };
}

/** What is right by itself and wrong together. */
export function loginContradictions(input: unknown): readonly Problem[] {
  if (!isObject(input)) return [];
  const type = ownTypes.find((each) => each === (input["credentials_type"] ?? "ACCESS_TOKEN"));
  if (type === undefined) return [];
  const given = secretLoginKeys.filter((key) => input[key] !== undefined);
  const [stray] = given.filter((key) => !keysOfType[type].includes(key));
  if (stray !== undefined) return [wrongType(stray, type)];
  const [first] = given;
  if (first === undefined) return [];
  const problems: Problem[] = [];
  if (input["device_name"] === undefined) {
    const expected = `the name of the device that ${first} is for`;
    problems.push({ path: ["device_name"], found: "nothing", expected });
  }
  if (given.includes("password") && !given.includes("user_name")) {
    const expected = "the user name that the password is for; without one the server looks at no password";
    problems.push({ path: ["user_name"], found: describe(input["user_name"], "secret"), expected });
  }
  return problems;
}

function wrongType(key: string, type: OwnType): Problem {
  const [right = type] = ownTypes.filter((each) => keysOfType[each].includes(key));
  return { path: [key], found: `a key of ${right}`, expected: `credentials_type "${right}", or no ${key}` };
}
