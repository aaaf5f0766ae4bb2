import type { Credentials } from "../../model/credentials.ts";
import type { DeviceCredentials } from "../../model/device-credentials.ts";
import type { Outcome } from "../../model/outcome.ts";
import { printable, printableName } from "../../model/problem.ts";
import { cameraInWords, serverOf } from "../report/camera-for-people.ts";
import { errorForPeople } from "../report/error-for-people.ts";
import { fact, verdict } from "../report/facts.ts";
import { serverUrl as urlOf } from "../report/server-url.ts";
import type { Look } from "../text/look.ts";

/** The last words of a run: PASS or FAIL, the device's name, and what to do next. */
export function outcomeForPeople(outcome: Outcome, look: Look, { waited }: { readonly waited: boolean }): string[] {
  switch (outcome.result) {
    case "provisioned":
      return [
        ...verdict("PASS", `${nameOf(outcome.credentials)} is provisioned`, look),
        ...device(outcome.credentials, look),
        ...configuration(outcome.configuration, look),
      ];
    case "already_provisioned":
      return [
        ...verdict("PASS", `${nameOf(outcome.credentials)} was provisioned before`, look),
        ...device(outcome.credentials, look),
        ...fact("Next", "nothing: the credentials still work, no device was made. --new-identity makes one.", look),
      ];
    case "nothing_to_do":
      return nothingToDo(outcome, look);
    case "failed":
      return errorForPeople(outcome.error, { ...look, deviceName: outcome.status.deviceName, waited });
  }
}

/** Whether the camera can be started: nobody may be reading a file that this run has made. */
function configuration({ path, isNew }: { readonly path: string; readonly isNew: boolean }, look: Look): string[] {
  if (!isNew) {
    return fact("Next", "nothing: the camera can be started. provision.txt is provision.txt.processed now.", look);
  }
  return [
    ...fact("File", `${path} was made new: there was none`, look),
    ...fact("Next", "check that the camera reads its configuration from there, then start it.", look),
  ];
}

type NothingToDo = Extract<Outcome, { readonly result: "nothing_to_do" }>;

/** PASS is for proved credentials only. */
function nothingToDo({ camera, warnings }: NothingToDo, look: Look): string[] {
  const { directory, state, device, missing, misnamedTrigger } = camera;
  const server = serverOf(device);
  const begin = "provision.json and provision.txt";
  const next = {
    provisioned: "nothing. To have the server asked again, put provision.txt there.",
    unproved: "to have them proved, put provision.txt and provision.json there, and start again.",
    "not provisioned": `if this is the camera's folder, put ${begin} there; else name it with --directory. Then start again.`,
    unknown: "correct thermal_config.json, or restore a backup (thermal_config.json.backup.*).",
  } as const;
  // A new trigger would make another device.
  const isGone = warnings.some(({ code }) => code === "CREDENTIALS_GONE");
  const isOthers = warnings.some(({ code }) => code === "BODY_DIFFERS");
  const putBack = "`thermal-provision restore --last-success` puts the credentials back that the server accepted last.";
  const asOneself =
    "put provision.txt there and start once more, with --new-identity if the card is a copy, with --body-replaced if the board was replaced.";
  return [
    ...verdict(state === "provisioned" && !isGone && !isOthers ? "PASS" : "NOTE", cameraInWords(camera), look),
    ...fact("Folder", directory, look),
    ...(state === "not provisioned" ? fact("Missing", missing.join(", "), look) : []),
    ...(misnamedTrigger === undefined
      ? []
      : fact("Misnamed", `${printableName(misnamedTrigger)} (for provision.txt?)`, look)),
    ...(server === undefined ? [] : fact("Server", server, look)),
    ...(device?.deviceId == null ? [] : fact("Device id", device.deviceId, look)),
    ...(device?.provisionedAt == null ? [] : fact("Since", device.provisionedAt.toISOString(), look)),
    ...fact("Next", isGone ? putBack : isOthers ? asOneself : next[state], look),
  ];
}

/** Somebody may have removed the name of a camera that was provisioned before. */
function nameOf({ deviceName }: DeviceCredentials): string {
  return deviceName === "" ? "the camera" : deviceName;
}

function login(credentials: Credentials, look: Look): string[] {
  switch (credentials.type) {
    case "ACCESS_TOKEN":
      return fact("Token", "in thermal_config.json; a connection with it was accepted", look);
    case "MQTT_BASIC":
      return fact("Login", "in thermal_config.json; a connection with it was accepted", look);
    case "X509_CERTIFICATE":
      return fact("Login", `with ${printable(credentials.certificateFile)}; a connection with it was accepted`, look);
  }
}

function device(
  { host, serverPort, useSsl, deviceId, credentials }: Extract<Outcome, { result: "provisioned" }>["credentials"],
  look: Look,
): string[] {
  return [
    ...fact("Server", urlOf({ host, port: serverPort, tls: useSsl }), look),
    ...fact("Device id", deviceId ?? "not told by the server", look),
    ...login(credentials, look),
  ];
}
