import { encodeStatus } from "../../files/status-file.ts";
import type { Inspection, JournalSummary } from "../../inspect.ts";
import type { CameraState } from "../../model/camera-state.ts";
import { firstReleased, mostDays } from "../../model/outdated.ts";
import { printableName } from "../../model/problem.ts";
import type { ProvisioningStatus } from "../../model/provisioning-status.ts";
import { warningTable } from "../../model/warnings.ts";
import { cameraInWords, serverOf } from "../report/camera-for-people.ts";
import { encodeCamera } from "../report/encode-camera.ts";
import type { Look } from "../text/look.ts";
import { hanging } from "../text/wrap.ts";

/** The state of a folder as JSON. `status` is the specification's ProvisioningStatus, null where none is known. */
export function encodeInspection(inspection: Inspection) {
  const { status, activity, trigger, camera, warnings, journals, putAside, backups, nextRun, unreadable } = inspection;
  return {
    activity,
    status: status === undefined ? null : encodeStatus(status),
    trigger,
    camera: encodeCamera(camera),
    warnings: warnings.map(({ code, message }) => ({ code, message })),
    journals: journals.map(({ host, deviceNames, granted }) => ({ host, device_names: deviceNames, granted })),
    put_aside: putAside,
    backups: backups.map(({ path, madeAt }) => ({ path, made_at: madeAt?.toISOString() ?? null })),
    next_run: nextRun,
    unreadable: unreadable ?? null,
  };
}

const nextRuns = {
  nothing: "will do nothing, until there is a provision.txt",
  provision: "will try to provision the camera",
  continue: "will ask the server whether it knows the device already, and continue from there",
  finish: "will only clean up: the configuration is written already",
  unclear: "will fail: one of the files cannot be used; provision --dry-run says which and why",
} as const;

/** The state of a folder for people; `now` is for how long it is until something happens. */
export function inspectionForPeople(
  inspection: Inspection,
  { width, styles: { strong, faint } }: Look,
  now: Date,
): string[] {
  const { status, trigger, camera, warnings, journals, putAside, backups, nextRun, unreadable } = inspection;
  const row = (label: string, text: string) => {
    const [first = "", ...others] = hanging(label.padEnd(12), text, width);
    return [faint(label.padEnd(12)) + first.slice(12), ...others];
  };
  const server = serverOf(camera.device);
  return [
    strong(row("Camera", unreadable === undefined ? cameraInWords(camera) : unseen(camera)).join("\n")),
    ...row("Folder", camera.directory),
    ...(camera.state === "not provisioned" ? row("Missing", camera.missing.join(", ")) : []),
    ...(server === undefined ? [] : row("Server", server)),
    ...clockRows(camera, row),
    ...warnings.flatMap(({ code, message }) => [
      ...row("Warning", `${code}: ${message}`),
      ...row("What to do", warningTable[code].remedy),
    ]),
    ...row("Run", activityInWords(inspection, now)),
    ...(status === undefined ? [] : statusRows(status, row)),
    ...row("Trigger", trigger ? "provision.txt is there" : "none"),
    ...(camera.misnamedTrigger === undefined
      ? []
      : row("Misnamed", `${printableName(camera.misnamedTrigger)} (for provision.txt?)`)),
    ...journals.flatMap((journal) => row("Unfinished", journalWords(journal))),
    ...putAside.flatMap((place) =>
      row(
        "Put aside",
        `${place} (holds a token; \`reset --purge\` removes it, else a run ${mostDays} days later, when the camera is provisioned)`,
      ),
    ),
    ...(backups.length === 0 ? [] : row("Backups", backupsInWords(backups, now))),
    ...(unreadable === undefined ? [] : row("Not seen", `${unreadable}. The camera's own user sees the rest.`)),
    ...(unreadable === undefined ? row("Next run", nextRuns[nextRun]) : []),
  ];
}

/** Another user sees less: that a file cannot be read by this one says nothing about the file. */
function unseen(camera: CameraState): string {
  if (camera.state !== "unknown") return cameraInWords(camera);
  return "this user may not read thermal_config.json, so what this camera is cannot be told";
}

/** Of credentials that no run has proved another program has written the date, too. */
function clockRows({ device, state }: CameraState, row: Row): string[] {
  const at = device?.provisionedAt;
  if (state !== "provisioned" || at == null || at >= firstReleased) return [];
  const then = `provisioned_at is ${at.toISOString()}, before this program was first made`;
  return row("Clock", `${then}: the clock was not set then, or another program has written it`);
}

type Row = (label: string, text: string) => string[];

function statusRows(status: ProvisioningStatus, row: Row): string[] {
  return [
    ...row("State", status.currentState),
    ...row("Device", status.deviceName === "" ? "no name yet" : status.deviceName),
    ...row("Began", status.startedAt.toISOString()),
    ...(status.completedAt === undefined ? [] : row("Ended", status.completedAt.toISOString())),
    ...(status.errorCount === 0 ? [] : row("Retries", `${status.errorCount}`)),
    ...(status.lastError === undefined ? [] : row("Last error", status.lastError)),
    ...row("Attempt", status.correlationId),
  ];
}

function activityInWords({ activity, status }: Inspection, now: Date): string {
  switch (activity) {
    case "none":
      return status === undefined ? "no run is known in this folder" : "none is at work";
    case "running":
      return "running at this moment";
    case "waiting": {
      const next = Math.ceil(((status?.nextTryAt ?? now).getTime() - now.getTime()) / 1000);
      const since = status?.startedAt.toISOString() ?? "an unknown time";
      return `waiting: the next try is in ${next} s. Trying since ${since}, ${status?.errorCount ?? 0} retries so far`;
    }
    case "interrupted":
      return "interrupted: the last run neither ended nor goes on";
    case "ended":
      return status?.nextTryAt === undefined
        ? "ended"
        : `ended: it was to try again at ${status.nextTryAt.toISOString()}, and has not`;
    case "unknown":
      return "whether a run is at work cannot be seen by this user";
  }
}

function backupsInWords(backups: Inspection["backups"], now: Date): string {
  const oldest = backups.findLast(({ madeAt }) => madeAt !== null)?.madeAt;
  const days = oldest == null ? 0 : Math.floor((now.getTime() - oldest.getTime()) / day);
  const age = days < 1 ? "" : `, ${days} day${days === 1 ? "" : "s"} ago`;
  const first = backups.length === 1 ? "1" : `${backups.length}, the oldest`;
  const when = oldest == null ? "" : ` of ${oldest.toISOString()}${age}`;
  const limit = backups.length === 1 ? "" : `; but for the newest, none stays longer than ${mostDays} days`;
  return `${first}${when} (each may hold former credentials${limit})`;
}

const day = 24 * 60 * 60 * 1000;

function journalWords({ host, deviceNames, granted }: JournalSummary): string {
  const names = deviceNames.length === 0 ? "a device" : deviceNames.join(", ");
  const answer = granted ? "the server has answered SUCCESS" : "whether the server has made it is not known";
  return `${names} on ${host}; ${answer}`;
}
