import { nodeFileSystem } from "../../files/disk/file-system.ts";
import { configBytes } from "../../files/thermal-config-file.ts";
import { ProvisioningError } from "../../model/errors.ts";
import { type Backup, listOfBackups, type Restored, restore, restoreLastSuccess } from "../../restore.ts";
import type { ExitStatus } from "../command/command.ts";
import type { Io } from "../io.ts";
import { maskedDifference } from "../provision/dry-run-for-people.ts";
import { serverOf } from "../report/camera-for-people.ts";
import { fact, verdict } from "../report/facts.ts";
import { printJson, printLines } from "../report/print.ts";
import { type Look, lookOf } from "../text/look.ts";

interface Form {
  readonly forPeople: boolean;
}

/** The backups, with what putting each one back would change. */
export async function listBackups(directory: string, io: Io, { forPeople }: Form): Promise<ExitStatus> {
  const backups = await listOfBackups({ directory });
  const now = new TextDecoder().decode(configBytes(nodeFileSystem, directory));
  if (!forPeople) {
    for (const backup of backups) printJson(io, { type: "backup", ...encodeBackup(backup, now) });
    return 0;
  }
  const look = lookOf(io);
  if (backups.length === 0) printLines(io, ["There is no backup in this folder."]);
  for (const backup of backups) printLines(io, backupForPeople(backup, now, look));
  return 0;
}

interface Choices {
  readonly directory: string;
  readonly lastSuccess: boolean;
  readonly force: boolean;
  readonly allowSharedFolder: boolean;
}

/** Puts a backup back, or the last success. */
export async function putBack(
  backupName: string | undefined,
  { lastSuccess, ...choices }: Choices,
  io: Io,
  { forPeople }: Form,
): Promise<ExitStatus> {
  if (lastSuccess && backupName !== undefined) {
    throw new ProvisioningError("USAGE", "name a backup, or give --last-success; not both");
  }
  const options = { ...choices, signal: io.signal, clock: io.clock };
  const restored = await (backupName === undefined ? restoreLastSuccess(options) : restore(backupName, options));
  const { name, answer, backup, warnings } = restored;
  if (forPeople) printLines(io, restoredForPeople(restored, lookOf(io)));
  else {
    for (const { code, message } of warnings) printJson(io, { type: "warning", code, message });
    printJson(io, {
      type: "outcome",
      result: "restored",
      exit_status: 0,
      name,
      answer: answer.replace(" ", "_"),
      backup: backup ?? null,
    });
  }
  return 0;
}

function encodeBackup({ name, madeAt, state, device, text }: Backup, now: string) {
  return {
    name,
    made_at: madeAt.toISOString(),
    state: state.replace(" ", "_"),
    device_name: device?.deviceName ?? null,
    server: serverOf(device) ?? null,
    difference: text === undefined ? null : maskedDifference(now, text),
  };
}

function backupForPeople({ name, madeAt, state, device, text }: Backup, now: string, look: Look): string[] {
  const server = serverOf(device);
  const difference = text === undefined ? ["cannot be read"] : maskedDifference(now, text);
  return [
    look.styles.strong(name),
    ...fact("Made", madeAt.toISOString(), look),
    ...fact("Device", device?.deviceName || (state === "unknown" ? "cannot be told" : "none"), look),
    ...(server === undefined ? [] : fact("Server", server, look)),
    ...fact(
      "Changes",
      difference.length === 0 ? "none: it is what is there now" : "putting it back would change:",
      look,
    ),
    ...difference.map((line) => `    ${line}`),
    "",
  ];
}

const answers = {
  accepted: "it accepts the credentials that were put back",
  refused: "it refuses the credentials that were put back",
  "no answer": "it could not be asked about the credentials that were put back",
  "not asked": "not asked: there are no credentials in this backup",
} as const;

function restoredForPeople({ name, answer, backup, warnings }: Restored, look: Look): string[] {
  return [
    ...warnings.map(({ code, message }) => look.styles.attention(`warning ${code}: `) + message),
    ...verdict(answer === "accepted" ? "PASS" : "NOTE", `${name} was put back`, look),
    ...fact("Server", answers[answer], look),
    ...fact("Before", backup === undefined ? "nothing was replaced" : `what was there is in ${backup}`, look),
  ];
}
