import type { FileSystem } from "../files/disk/file-system.ts";
import { hasNoModes } from "../files/disk/mounts.ts";
import { isReadableByOthers } from "../files/disk/rights.ts";
import { configName, credentialsName, triggerName } from "../files/file-names.ts";
import { type Inputs, readInputs } from "../files/inputs.ts";
import { readCredentialsFile } from "../files/provision-json.ts";
import { loadThermalConfig } from "../files/thermal-config-file.ts";
import { refuseDistrusted } from "../files/trust.ts";
import type { CameraState } from "../model/camera-state.ts";
import { ProvisioningError } from "../model/errors.ts";
import { printableName, visible } from "../model/problem.ts";
import { warning } from "../model/warnings.ts";
import { certificateWarnings } from "../run/client-certificate.ts";
import type { Surroundings } from "../run/surroundings.ts";
import { type Survey, survey } from "../run/survey.ts";
import { attempt } from "./attempt.ts";
import { type CheckLine, failed, noticed, ok, skipped, warned } from "./line.ts";
import { misplaced } from "./misplaced.ts";

type Places = Pick<Surroundings, "files" | "directory" | "credentialsDirectory" | "clock">;

/** What the files tell; `survey` is undefined where not even the folder can be looked into. */
export interface FilesFound {
  readonly lines: readonly CheckLine[];
  readonly survey?: Survey;
  /** Undefined where `provision.json` is absent or cannot be used. */
  readonly inputs?: Inputs;
}

/** The folder, the trigger, and the two files, each with all its mistakes. */
export function checkFiles(places: Places): FilesFound {
  const { files, directory, credentialsDirectory } = places;
  const found = attempt(() => survey({ ...places, newIdentity: false }));
  if ("problem" in found) return { lines: [failed("files", "folder", found.problem)] };
  const { camera } = found.value;
  const inputs = attempt(() => readInputs(files, directory, credentialsDirectory));
  return {
    survey: found.value,
    ...("value" in inputs ? { inputs: inputs.value } : {}),
    lines: [
      ok("files", "folder", directory),
      trust(files, directory),
      trigger(found.value, misplaced(files, directory, triggerName)),
      orFailed(credentialsName, () => credentialsFile(places, camera)),
      orFailed(configName, () => configFile(files, directory, camera)),
      ...("value" in inputs ? ownCertificate(places, inputs.value) : []),
    ],
  };
}

/** The certificate that the camera was given, or that its configuration names. */
function ownCertificate(places: Places, { credentials, config }: Inputs): readonly CheckLine[] {
  const configured = config.configured?.credentials;
  const named = configured?.type === "X509_CERTIFICATE" ? configured : undefined;
  const own = credentials.clientCertificate ?? named;
  if (own === undefined) return [];
  const name = "own certificate";
  const looked = attempt(() => certificateWarnings(places, own));
  if ("problem" in looked) return [failed("files", name, looked.problem)];
  const [first] = looked.value;
  if (first !== undefined) return [warned("files", name, first)];
  return [ok("files", name, `${visible(own.certificateFile)} and its key belong together`)];
}

/** Whether another user may have put there what a run would believe. */
function trust(files: FileSystem, directory: string): CheckLine {
  const looked = attempt(() => refuseDistrusted(files, directory));
  if ("problem" in looked) return failed("files", "owners and modes", looked.problem);
  return ok("files", "owners and modes", "nobody else can write what a run believes");
}

function trigger({ trigger: isThere, camera, ...found }: Survey, elsewhere: string | undefined): CheckLine {
  const { directory, state, misnamedTrigger } = camera;
  if (found.next === "stop" && ["TRIGGER_INVALID", "TRIGGER_NAME_WRONG"].includes(found.problem.errorCode)) {
    return failed("files", triggerName, found.problem);
  }
  if (misnamedTrigger !== undefined)
    return warned("files", triggerName, warning("TRIGGER_MISNAMED", `It is ${printableName(misnamedTrigger)}.`));
  if (isThere) return ok("files", triggerName, "is there");
  if (elsewhere !== undefined)
    return noticed("files", triggerName, `is not there, but ${visible(elsewhere)} is`, `Move it into ${directory}`);
  if (state === "provisioned") return ok("files", triggerName, "is not there: this camera is provisioned");
  return noticed(
    "files",
    triggerName,
    "is not there: without it nothing is provisioned",
    "Put an empty file provision.txt into the folder",
  );
}

function credentialsFile({ files, ...places }: Places, { state }: CameraState): CheckLine {
  const read = readCredentialsFile(files, places);
  if (!read.ok) {
    if (read.code === "CREDENTIALS_FILE_MISSING" && state === "provisioned") {
      return skipped("files", credentialsName, "is not there; the configuration names the server");
    }
    const line = failed("files", credentialsName, new ProvisioningError(read.code, "cannot be used:", read));
    const elsewhere =
      read.code === "CREDENTIALS_FILE_MISSING" ? misplaced(files, places.directory, credentialsName) : undefined;
    return elsewhere === undefined
      ? line
      : { ...line, remedy: `Move ${visible(elsewhere)} into ${places.directory}, if it is this camera's` };
  }
  const { attributes, credentials } = read.value;
  if (isReadableByOthers(attributes) && !hasNoModes(files, places.directory))
    return warned("files", credentialsName, warning("CREDENTIALS_FILE_READABLE"));
  const { host, serverPort, useSsl } = credentials;
  return ok("files", credentialsName, `can be used: ${host}, port ${serverPort}, ${useSsl ? "TLS" : "plain text"}`);
}

function configFile(files: FileSystem, directory: string, { device, state }: CameraState): CheckLine {
  const read = loadThermalConfig(files, directory);
  if (!read.ok) return failed("files", configName, new ProvisioningError(read.code, "cannot be used:", read));
  const { attributes } = read.value;
  if (attributes === undefined) return ok("files", configName, "is not there; a provisioning makes it");
  if (isReadableByOthers(attributes) && !hasNoModes(files, directory))
    return warned("files", configName, warning("CONFIG_READABLE"));
  const whose = device === undefined || device.deviceName === "" ? "" : ` as ${device.deviceName}`;
  if (state === "provisioned") return ok("files", configName, `holds proved credentials${whose}`);
  if (state === "unproved") return ok("files", configName, `holds credentials${whose}; no run has proved them`);
  return ok("files", configName, "can be used; it holds no credentials yet");
}

/** A file that this user may not read, or a disk that fails, is that file's failure. */
function orFailed(name: string, look: () => CheckLine): CheckLine {
  const line = attempt(look);
  return "value" in line ? line.value : failed("files", name, line.problem);
}
