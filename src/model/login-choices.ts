import * as v from "valibot";
import { isObject, type JsonObject } from "../base/json-object.ts";
import { describe } from "./check.ts";
import { type Credentials, isAccessToken, keysOfType, type OwnType, ownTypes, readCredentials } from "./credentials.ts";
import { isPlainText } from "./device-name.ts";
import type { Problem } from "./problem.ts";
import { strangeness } from "./strange-characters.ts";

/** What `provision.json` says of what the device logs in with. All of it is ours. */
export interface LoginChoices {
  /** The kind that the camera makes and asks for. Default ACCESS_TOKEN. */
  readonly credentialsType?: OwnType;
  /** What the device logs in with, known in advance, as from the import of a device list. */
  readonly inAdvance?: Credentials;
  /**
   * The camera's own certificate and its key, where it has them from elsewhere; else it makes them. With credentials of another
   * kind they are shown to what ends TLS before the server.
   */
  readonly clientCertificate?: ClientCertificateFiles;
}

/** Files of the camera, relative to its folder. PEM. */
export interface ClientCertificateFiles {
  readonly certificateFile: string;
  readonly privateKeyFile: string;
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

const pemFile = "the name of a PEM file";

function fileName(description: string) {
  const rules = v.pipe(
    v.string(pemFile),
    v.minLength(1, pemFile),
    v.maxLength(4095, pemFile),
    v.check(isPlainText, "the name of a PEM file, without control characters"),
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
  client_certificate_file: fileName(
    "The camera's own certificate (PEM), beside this file; behind it may stand those that signed it. Needs client_key_file. With credentials_type X509_CERTIFICATE the device logs in with it (default: the camera makes one); with another, a proxy before the server sees it.",
  ),
  client_key_file: fileName("The private key (PEM) of client_certificate_file."),
};

export const secretLoginKeys: readonly string[] = [...keysOfType.ACCESS_TOKEN, ...keysOfType.MQTT_BASIC];

/** What was chosen, in an object that was checked. */
export function loginChoices(value: v.InferOutput<v.ObjectSchema<typeof loginEntries, undefined>>): LoginChoices {
  const { credentials_type: credentialsType } = value;
  const inAdvance = readCredentials(credentialsType ?? "ACCESS_TOKEN", value);
  const { client_certificate_file: certificateFile, client_key_file: privateKeyFile } = value;
  const isGiven = certificateFile !== undefined && privateKeyFile !== undefined;
  return {
    ...(credentialsType === undefined ? {} : { credentialsType }),
    ...(inAdvance === undefined ? {} : { inAdvance }),
    ...(isGiven ? { clientCertificate: { certificateFile, privateKeyFile } } : {}),
  };
}

/** What is right by itself and wrong together; `isPlain`: without TLS. */
export function loginContradictions(input: unknown, isPlain: boolean): readonly Problem[] {
  if (!isObject(input)) return [];
  const type = ownTypes.find((each) => each === (input["credentials_type"] ?? "ACCESS_TOKEN"));
  if (type === undefined) return [];
  const ofCertificates = certificateContradictions(input, type, isPlain);
  if (ofCertificates.length > 0) return ofCertificates;
  const given = secretLoginKeys.filter((key) => input[key] !== undefined);
  const [stray] = given.filter((key) => !keysOfType[type].includes(key));
  if (stray !== undefined) return [wrongType(stray)];
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

const certificateKeys = ["client_certificate_file", "client_key_file"] as const;

function certificateContradictions(input: JsonObject, type: OwnType, isPlain: boolean): readonly Problem[] {
  if (type === "X509_CERTIFICATE" && isPlain) {
    const expected = "the server's TLS port, and true: a certificate is shown in TLS only";
    return [{ path: ["use_ssl"], found: "plain text", expected }];
  }
  const [first, ...others] = certificateKeys.filter((key) => input[key] !== undefined);
  if (first === undefined) return [];
  if (isPlain) {
    return [
      { path: [first], found: "a file, and plain text", expected: "TLS, or no such file: it is shown in TLS only" },
    ];
  }
  if (others.length > 0) return [];
  const [missing = first] = certificateKeys.filter((key) => key !== first);
  return [{ path: [missing], found: "nothing", expected: `the file that belongs to ${first}` }];
}

function wrongType(key: string): Problem {
  const [right = "X509_CERTIFICATE"] = ownTypes.filter((each) => keysOfType[each].includes(key));
  return { path: [key], found: `a key of ${right}`, expected: `credentials_type "${right}", or no ${key}` };
}
