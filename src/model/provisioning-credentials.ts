import * as v from "valibot";
import { type Duration, seconds } from "../base/duration.ts";
import { isObject } from "../base/json-object.ts";
import { Secret } from "../base/secret.ts";
import { checkObject, unknownKey } from "./check.ts";
import { type ConnectionChoices, connectionChoices, connectionEntries } from "./connection-choices.ts";
import { defaultPrefix, isDeviceName, type Naming } from "./device-name.ts";
import { isFactoryCertificate, withStandIns } from "./factory-certificate.ts";
import { keyOfForeignName } from "./foreign-keys.ts";
import {
  type LoginChoices,
  loginChoices,
  loginContradictions,
  loginEntries,
  secretLoginKeys,
  unseen,
} from "./login-choices.ts";
import type { Checked, Problem } from "./problem.ts";
import { secretFileContradictions, secretFileEntries } from "./secret-file-keys.ts";
import { lacksInterface, parseServerUrl, type ServerAddress } from "./server-address.ts";
import { strangeness } from "./strange-characters.ts";
import { asIfWhole, isWiped, wipeEntries, wipesSecrets } from "./wiped-secrets.ts";

/** The input of a provisioning, from `provision.json` (specification, ProvisioningCredentials). */
export interface ProvisioningCredentials extends ConnectionChoices, LoginChoices {
  /** As it was written: a bare host or a URL. */
  readonly serverUrl: string;
  /** The bare host of `serverUrl`, in lower case. */
  readonly host: string;
  readonly serverPort: number;
  /** As written, or as the URL's scheme says, or as the configuration has it, or TLS on every port but 1883. */
  readonly useSsl: boolean;
  /** Where that comes from; `port`: nothing says it. */
  readonly useSslFrom: "provision.json" | "thermal_config.json" | "port";
  readonly provisionDeviceKey: Secret;
  readonly provisionDeviceSecret: Secret;
  /** Whether key, secret, token and password are emptied once the camera is provisioned. Default false. */
  readonly wipeSecretAfterSuccess?: boolean;
  /** Key and secret were emptied after an earlier success: nothing can be asked for with them. */
  readonly isWiped?: boolean;
  /** There is a certificate and nothing to ask with: the TLS handshake makes the device. */
  readonly isWithoutKey?: boolean;
  /** Default `thermal-camera`. */
  readonly deviceNamePrefix: string;
  /** The deadline of one try. Default 30 s. */
  readonly timeout: Duration;
  /** How the device is named: `device_name` where it is given, else by the prefix. */
  readonly naming: Naming;
}

/** Whether there is nothing to ask a server with: the key was emptied, or there never was one. */
export function hasNoKey({
  isWiped = false,
  isWithoutKey = false,
}: Pick<ProvisioningCredentials, "isWiped" | "isWithoutKey">): boolean {
  return isWiped || isWithoutKey;
}

/** ThingsBoard closes the connection on a packet above 65536 bytes; a request stays well below. */
const longestText = 16_384;

const filled = "a text that is not empty";
const text = v.pipe(
  v.string(filled),
  v.minLength(1, filled),
  v.maxLength(longestText, `at most ${longestText} characters`),
);
const secretText = v.pipe(
  text,
  v.check((typed) => strangeness(typed) === undefined, unseen),
);
const wholeSeconds = "a whole number of seconds, 1 or more";
const port = "a port number, 1 to 65535";
const name = "1 to 255 characters, none of them a control character, no space at either end";

/** The keys of `provision.json`. The first six are the specification's, the others are ours. */
export const provisioningCredentialsEntries = {
  server_url: v.pipe(
    v.string("a host name, an IP address or a URL"),
    v.rawCheck(({ dataset, addIssue }) => {
      if (!dataset.typed) return;
      const address = parseServerUrl(dataset.value);
      if ("expected" in address) addIssue({ message: address.expected });
    }),
    v.description("The ThingsBoard server: a bare host, or a URL with the scheme mqtt, tcp, mqtts or ssl."),
  ),
  server_port: v.pipe(
    v.number(port),
    v.integer(port),
    v.minValue(1, port),
    v.maxValue(65535, port),
    v.description("The server's MQTT port: usually 1883 for plain text, 8883 for TLS."),
  ),
  provision_device_key: v.pipe(secretText, v.description("The provision device key of the device profile.")),
  provision_device_secret: v.pipe(secretText, v.description("The provision device secret of the device profile.")),
  device_name_prefix: v.optional(
    v.pipe(
      v.string("small letters and hyphens"),
      v.regex(/^[a-z-]+$/, "small letters and hyphens"),
      v.maxLength(248, "at most 248 characters"),
      v.description("The beginning of the generated device name; six characters of A-Z and 0-9 follow."),
    ),
    defaultPrefix,
  ),
  timeout_seconds: v.optional(
    v.pipe(
      v.number(wholeSeconds),
      v.safeInteger(wholeSeconds),
      v.minValue(1, wholeSeconds),
      v.description("The deadline of one try in seconds, from opening the connection to the verified answer."),
    ),
    30,
  ),
  ...connectionEntries,
  device_name: v.optional(
    v.pipe(
      v.string(name),
      v.minLength(1, name),
      v.maxLength(255, name),
      v.check(isDeviceName, name),
      v.description("An addition of thermal-provision. The name of a device that was registered beforehand."),
    ),
  ),
  ...loginEntries,
  ...secretFileEntries,
  ...wipeEntries,
};

const secretKeys = ["provision_device_key", "provision_device_secret", "proxy", ...secretLoginKeys];

/** Checks the content of `provision.json`. Every problem comes at once; secrets are never quoted. */
export function ProvisioningCredentials(written: unknown): Checked<ProvisioningCredentials> {
  const input = withStandIns(asIfWhole(written));
  const isWithoutKey = isFactoryCertificate(written);
  const hasNoKey = isWithoutKey || isWiped(written);
  const checked = checkObject(provisioningCredentialsEntries, withoutSchema(input), {
    secrets: secretKeys,
    texts: "described",
    tellUnknown: strangeKey,
  });
  const found = checked.ok ? [] : checked.problems.map((problem) => withPortOf(input, problem));
  const problems = [
    ...(hasItsKeysInSections(input) ? found.filter(isNoGap) : found),
    ...contradictions(input),
    ...nameless(written),
  ];
  if (!checked.ok || problems.length > 0) return { ok: false, problems };
  const { value } = checked;
  const address = parseServerUrl(value.server_url);
  if ("expected" in address) throw new RangeError("server_url was checked before");
  const { device_name: fixed } = value;
  return {
    ok: true,
    value: Object.freeze({
      serverUrl: value.server_url,
      host: address.host,
      serverPort: value.server_port,
      useSsl: value.use_ssl ?? address.useSsl ?? value.server_port !== 1883,
      useSslFrom: value.use_ssl === undefined && address.useSsl === undefined ? "port" : "provision.json",
      provisionDeviceKey: new Secret(hasNoKey ? "" : value.provision_device_key),
      provisionDeviceSecret: new Secret(hasNoKey ? "" : value.provision_device_secret),
      ...(isWiped(written) ? { isWiped: true } : {}),
      ...(wipesSecrets(written) ? { wipeSecretAfterSuccess: true } : {}),
      deviceNamePrefix: value.device_name_prefix,
      timeout: seconds(value.timeout_seconds),
      naming:
        fixed === undefined
          ? ({ kind: "generated", prefix: value.device_name_prefix } as const)
          : ({ kind: "fixed", name: fixed } as const),
      ...loginChoices(value),
      ...(isWithoutKey ? { isWithoutKey, ...shownAtOnce(value) } : {}),
      ...connectionChoices(value),
    }),
  };
}

/** Other programs have sections, with a name that says nothing here. */
function strangeKey(key: string, value: unknown, known: readonly string[]): Problem {
  if (!isObject(value)) return unknownKey(key, known, keyOfForeignName(key));
  return { path: [key], found: "a section", expected: "none: all keys stand side by side" };
}

/** Keys that stand in a section are not missing: they are to be moved. */
function hasItsKeysInSections(input: unknown): boolean {
  const sections = isObject(input) ? Object.values(input).filter(isObject) : [];
  return sections.some((section) => Object.keys(section).some((key) => isKnown(key) || keyOfForeignName(key)));
}

function isKnown(key: string): boolean {
  return Object.hasOwn(provisioningCredentialsEntries, key);
}

function isNoGap({ found }: Problem): boolean {
  return found !== "nothing";
}

/** A port in server_url is one, and not where it is looked for. */
function withPortOf(input: unknown, problem: Problem): Problem {
  if (problem.path[0] !== "server_port" || isNoGap(problem) || !isObject(input)) return problem;
  const { server_url } = input;
  const address = typeof server_url === "string" ? parseServerUrl(server_url) : undefined;
  if (address === undefined || "expected" in address || address.port === undefined) return problem;
  return { ...problem, expected: `${address.port}, the port of server_url, here` };
}

/** Editors write `$schema`, by which they know what may stand in the file. */
function withoutSchema(input: unknown): unknown {
  if (!isObject(input) || typeof input["$schema"] !== "string") return input;
  return Object.fromEntries(Object.entries(input).filter(([key]) => key !== "$schema"));
}

/** What is right by itself and wrong together; told with everything else, so that one correction does for all. */
/** A certificate that nobody needs to be told of is known in advance. */
function shownAtOnce(
  value: v.InferOutput<v.ObjectSchema<typeof loginEntries, undefined>>,
): Pick<LoginChoices, "inAdvance"> {
  const { clientCertificate: files } = loginChoices(value);
  return files === undefined ? {} : { inAdvance: { type: "X509_CERTIFICATE", ...files, certificate: null } };
}

/** The device that a handshake makes has the certificate's name, which nobody else tells us. */
function nameless(written: unknown): readonly Problem[] {
  if (!isFactoryCertificate(written) || !isObject(written) || written["device_name"] !== undefined) return [];
  const expected = "the device's name, which client_certificate_file does not tell by a common name";
  return [{ path: ["device_name"], found: "nothing", expected }];
}

function contradictions(input: unknown): readonly Problem[] {
  if (typeof input !== "object" || input === null) return [];
  const { server_url, server_port, use_ssl }: Readonly<Record<string, unknown>> = {
    ...input,
  };
  const address = typeof server_url === "string" ? parseServerUrl(server_url) : undefined;
  const { host, port, useSsl }: Partial<ServerAddress> = address === undefined || "expected" in address ? {} : address;
  const problems: Problem[] = [];
  if (port !== undefined && typeof server_port === "number" && port !== server_port) {
    const expected = `the port of server_port, which is ${server_port}, or none`;
    problems.push({ path: ["server_url"], found: `the port ${port}`, expected });
  }
  if (host !== undefined && lacksInterface(host)) {
    const expected = `the interface behind it, such as ${host}%eth0`;
    problems.push({ path: ["server_url"], found: "a link-local address without its interface", expected });
  }
  if (useSsl !== undefined && typeof use_ssl === "boolean" && useSsl !== use_ssl) {
    const found = `a scheme that means ${useSsl ? "TLS" : "plain text"}`;
    problems.push({ path: ["server_url"], found, expected: `one that agrees with use_ssl, which is ${use_ssl}` });
  }
  const isPlain = use_ssl === false || (use_ssl === undefined && !(useSsl ?? server_port !== 1883));
  return [...problems, ...loginContradictions(input, isPlain), ...secretFileContradictions(input)];
}
