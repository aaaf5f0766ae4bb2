import { encodeStatus } from "../../files/status-file.ts";
import type { Inspection, JournalSummary } from "../../inspect.ts";
import type { Look } from "../text/look.ts";
import { hanging } from "../text/wrap.ts";

/** The state of a folder as JSON. `status` is the specification's ProvisioningStatus, null where none is known. */
export function encodeInspection({ status, activity, trigger, journals, nextRun }: Inspection) {
  return {
    activity,
    status: status === undefined ? null : encodeStatus(status),
    trigger,
    journals: journals.map(({ host, deviceNames, granted }) => ({ host, device_names: deviceNames, granted })),
    next_run: nextRun,
  };
}

const activities = {
  none: "no run is known in this folder",
  running: "running at this moment",
  interrupted: "interrupted: the last run neither ended nor goes on",
  ended: "ended",
} as const;

const nextRuns = {
  nothing: "will do nothing, until there is a provision.txt",
  provision: "will provision the camera",
  continue: "will ask the server whether it knows the device already, and go on from there",
  finish: "will only tidy up: the configuration is written already",
  unclear: "will fail: one of the files cannot be used; provision --dry-run says which and why",
} as const;

/** The state of a folder for people. */
export function inspectionForPeople(
  { status, activity, trigger, journals, nextRun }: Inspection,
  { width, styles: { strong, faint } }: Look,
): string[] {
  const row = (label: string, text: string) => {
    const [first = "", ...others] = hanging(label.padEnd(12), text, width);
    return [faint(label.padEnd(12)) + first.slice(12), ...others];
  };
  const known =
    status === undefined
      ? []
      : [
          ...row("State", status.currentState),
          ...row("Device", status.deviceName === "" ? "no name yet" : status.deviceName),
          ...row("Began", status.startedAt.toISOString()),
          ...(status.completedAt === undefined ? [] : row("Ended", status.completedAt.toISOString())),
          ...row("Requests", `${status.errorCount} after the first`),
          ...(status.lastError === undefined ? [] : row("Last error", status.lastError)),
          ...row("Attempt", status.correlationId),
        ];
  return [
    strong(row("Run", activities[activity]).join("\n")),
    ...known,
    ...row("Trigger", trigger ? "provision.txt is there" : "none"),
    ...journals.flatMap((journal) => row("Unfinished", journalWords(journal))),
    ...row("Next run", nextRuns[nextRun]),
  ];
}

function journalWords({ host, deviceNames, granted }: JournalSummary): string {
  const names = deviceNames.length === 0 ? "a device" : deviceNames.join(", ");
  const answer = granted ? "the server has answered SUCCESS" : "whether the server has made it is not known";
  return `${names} on ${host}; ${answer}`;
}
