import type { DeviceCredentials } from "../../model/device-credentials.ts";
import type { Outcome } from "../../model/outcome.ts";
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
        ...fact("Next", "nothing: the camera can be started. provision.txt is provision.txt.processed now.", look),
      ];
    case "already_provisioned":
      return [
        ...verdict("PASS", `${nameOf(outcome.credentials)} was provisioned before`, look),
        ...device(outcome.credentials, look),
        ...fact("Next", "nothing: the credentials still work, no device was made. --new-identity makes one.", look),
      ];
    case "nothing_to_do":
      return [
        ...verdict("PASS", "nothing to do", look),
        ...fact("Next", "to provision this camera, put provision.json and provision.txt into its folder.", look),
      ];
    case "failed":
      return errorForPeople(outcome.error, { ...look, deviceName: outcome.status.deviceName, waited });
  }
}

/** Somebody may have removed the name of a camera that was provisioned before. */
function nameOf({ deviceName }: DeviceCredentials): string {
  return deviceName === "" ? "the camera" : deviceName;
}

function device(
  { host, serverPort, useSsl, deviceId }: Extract<Outcome, { result: "provisioned" }>["credentials"],
  look: Look,
): string[] {
  return [
    ...fact("Server", urlOf({ host, port: serverPort, tls: useSsl }), look),
    ...fact("Device id", deviceId ?? "not told by the server", look),
    ...fact("Token", "in thermal_config.json; a connection with it was accepted", look),
  ];
}
