import type { DeviceCredentials } from "../../model/device-credentials.ts";
import { errorKind, type ProvisioningError } from "../../model/errors.ts";
import type { Outcome } from "../../model/outcome.ts";
import { remedy } from "../report/remedy.ts";
import { serverUrl as urlOf } from "../report/server-url.ts";
import type { Styles } from "../text/styles.ts";
import { hanging, wrap } from "../text/wrap.ts";

/** How the last words look, and what the run was asked to do. */
export interface EndingOptions {
  readonly width: number;
  readonly styles: Styles;
  /** The run was one with --wait. */
  readonly waited: boolean;
}

/** The last words of a run: PASS or FAIL, the device's name, and what to do next. */
export function ending(outcome: Outcome, options: EndingOptions): string[] {
  switch (outcome.result) {
    case "provisioned":
      return [
        ...verdict("PASS", `${nameOf(outcome.credentials)} is provisioned`, options),
        ...device(outcome.credentials, options),
        ...fact("Next", "nothing: the camera can be started. provision.txt is provision.txt.processed now.", options),
      ];
    case "already_provisioned":
      return [
        ...verdict("PASS", `${nameOf(outcome.credentials)} was provisioned before`, options),
        ...device(outcome.credentials, options),
        ...fact("Next", "nothing: the credentials still work, no device was made. --new-identity makes one.", options),
      ];
    case "nothing_to_do":
      return [
        ...verdict("PASS", "nothing to do", options),
        ...fact("Next", "to provision this camera, put provision.json and provision.txt into its folder.", options),
      ];
    case "failed":
      return failure(outcome.error, outcome.status.deviceName, options);
  }
}

/** Somebody may have removed the name of a camera that was provisioned before. */
function nameOf({ deviceName }: DeviceCredentials): string {
  return deviceName === "" ? "the camera" : deviceName;
}

/** Why it did not work, and what to do about it. `deviceName` is empty until the camera has one. */
export function failure(error: ProvisioningError, deviceName: string, options: EndingOptions): string[] {
  const { errorCode, exitStatus, message } = error;
  const kind = errorKind(errorCode);
  const { width } = options;
  if (kind.state === "unchanged") {
    return [...verdict("STOPPED", message, options), ...name(deviceName, options), ...next(error, "", options)];
  }
  return [
    ...verdict("FAIL", `${errorCode} (exit status ${exitStatus})`, options),
    "",
    ...wrap(sentence(message), width),
    ...(says(message, kind.meaning) ? [] : wrap(kind.meaning, width)),
    "",
    ...remedy(kind, options),
    "",
    ...name(deviceName, options),
    ...next(error, deviceName, options),
  ];
}

/** Messages are made to stand behind a code; alone, one that begins with a word, and no name, is a sentence. */
function sentence(message: string): string {
  return /^[a-z]+ /.test(message) ? message.charAt(0).toUpperCase() + message.slice(1) : message;
}

/** Whether `message` says already what the table would add. */
function says(message: string, meaning: string): boolean {
  return message.toLowerCase().includes(meaning.toLowerCase().replace(/\.$/, ""));
}

function name(deviceName: string, options: EndingOptions): string[] {
  return deviceName === "" ? [] : fact("Device", `${deviceName} (the name is kept)`, options);
}

function next(
  { errorCode, isRetryable, retryAfterSeconds }: ProvisioningError,
  deviceName: string,
  options: EndingOptions,
) {
  const kept = deviceName === "" ? "this run asked the server for nothing" : "it goes on with the same name and token";
  if (errorKind(errorCode).state === "unchanged") return fact("Next", "start again.", options);
  if (!isRetryable) return fact("Next", `correct the cause, then start again: ${kept}.`, options);
  const byItself = options.waited ? "" : ", or with --wait, which keeps trying";
  return fact("Next", `start again after ${retryAfterSeconds} s${byItself}: ${kept}.`, options);
}

function device(
  { serverUrl, serverPort, useSsl, deviceId }: Extract<Outcome, { result: "provisioned" }>["credentials"],
  options: EndingOptions,
): string[] {
  return [
    ...fact("Server", urlOf({ host: serverUrl, port: serverPort, tls: useSsl }), options),
    ...fact("Device id", deviceId ?? "not told by the server", options),
    ...fact("Token", "in thermal_config.json; a connection with it was accepted", options),
  ];
}

function verdict(word: "PASS" | "FAIL" | "STOPPED", text: string, { width, styles }: EndingOptions): string[] {
  const style = { PASS: styles.good, FAIL: styles.bad, STOPPED: styles.attention }[word];
  const [first = "", ...others] = hanging(`${word}  `, text, width);
  return ["", style(word) + styles.strong(first.slice(word.length)), ...others];
}

function fact(label: string, text: string, { width, styles }: EndingOptions): string[] {
  const column = `  ${label.padEnd(9)}  `;
  const [first = "", ...others] = hanging(column, text, width);
  return [styles.faint(column) + first.slice(column.length), ...others];
}
