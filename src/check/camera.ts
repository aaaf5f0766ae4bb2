import { readBody } from "../files/body.ts";
import { isLocked } from "../files/disk/lock.ts";
import type { System } from "../files/system.ts";
import { refuseOtherBody } from "../run/other-body.ts";
import type { Surroundings } from "../run/surroundings.ts";
import type { Survey } from "../run/survey.ts";
import { attempt, attemptLater } from "./attempt.ts";
import { type CheckLine, failed, noticed, ok, skipped } from "./line.ts";

type Camera = Pick<Surroundings, "files" | "directory" | "bodyFile"> & {
  readonly system: System;
  readonly nodeVersion: string;
};

/** The machine that the run takes place on, and what it was doing. */
export async function checkCamera(camera: Camera, survey: Survey): Promise<readonly CheckLine[]> {
  return [
    await lock(camera),
    work(survey),
    board(camera, survey),
    ok("camera", "Node.js", camera.nodeVersion),
    flock(camera.system),
    ...unit(camera.system),
  ];
}

async function lock({ files, directory, system }: Camera): Promise<CheckLine> {
  const looked = await attemptLater(() => isLocked(files, directory));
  if ("problem" in looked) return failed("camera", "lock", looked.problem);
  if (!looked.value) return ok("camera", "lock", "is free: no run is at work");
  const [holder] = system.processesAt(directory);
  return ok("camera", "lock", `a run is at work${holder === undefined ? "" : ` (process ${holder})`}`);
}

const nextRuns = {
  nothing: "there is none; the next run does nothing",
  "tidy up": "there is none; the next run only clears what a killed one left over",
  finish: "the configuration is written; the next run only cleans up",
  "go on": "the next run asks the server whether it knows the device already, and goes on from there",
  begin: "there is none; the next run asks the server",
  stop: "the next run fails, by what is told above",
} as const satisfies Record<Survey["next"], string>;

/** What cannot be used is told with the files; damage of the journal is told here. */
function work(survey: Survey): CheckLine {
  if (survey.next === "stop" && survey.problem.errorCode === "JOURNAL_UNREADABLE") {
    return failed("camera", "unfinished work", survey.problem);
  }
  return ok("camera", "unfinished work", nextRuns[survey.next]);
}

function board({ files, bodyFile }: Camera, survey: Survey): CheckLine {
  const body = readBody(files, bodyFile);
  if (body === undefined) return skipped("camera", "board", "does not tell a serial number");
  const looked = attempt(() => refuseOtherBody(survey, { body, newIdentity: false }));
  if ("problem" in looked) return failed("camera", "board", looked.problem);
  return ok("camera", "board", "no file says that it is of another board");
}

function flock(system: System): CheckLine {
  if (system.hasFlock()) return ok("camera", "flock", "is installed");
  return noticed(
    "camera",
    "flock",
    "is not installed: a socket stands in for the lock, which keeps runs apart within one network namespace only",
    "Install util-linux",
  );
}

function unit(system: System): readonly CheckLine[] {
  const found = system.unit();
  if (found === undefined) {
    return [skipped("camera", "unit", "thermal-provision.service is not installed, or systemd is not at work")];
  }
  const { activeState, result, fileState, user } = found;
  const state = `thermal-provision.service is ${fileState === "" ? "installed" : fileState} and ${activeState}`;
  const { name } = system.user();
  return [
    activeState === "failed"
      ? noticed(
          "camera",
          "unit",
          `${state} (${result})`,
          "journalctl -u thermal-provision tells why; systemctl start runs it again",
        )
      : ok("camera", "unit", state),
    user === name
      ? ok("camera", "unit's user", user)
      : noticed(
          "camera",
          "unit's user",
          `the unit runs as ${user}, and this is ${name}: what is told of permissions is told of ${name}`,
          `sudo -u ${user} thermal-provision check`,
        ),
  ];
}
