import { requestsIn } from "../harness/heard.ts";
import type { Moment, Violation } from "../harness/invariants.ts";
import { inLanes } from "../harness/lanes.ts";
import { type Case, type Result, resultOf } from "../harness/method.ts";
import { missingPrograms } from "../harness/requirements.ts";
import { type Setting, Trial } from "../harness/trial.ts";
import { type Expectation, type StrangeDisk, strangeDisks } from "./disks.ts";
import { Place } from "./mounts.ts";

/** One start on every strange disk; then the disk is mended, and the camera must come through (method 4). */
export async function surviveStrangeDisks(setting: Setting = {}): Promise<Result> {
  const lacks = (disk: StrangeDisk) => missingPrograms(...(disk.needs ?? []));
  const possible = strangeDisks.filter((disk) => lacks(disk).length === 0);
  const skipped = strangeDisks.filter((disk) => !possible.includes(disk));
  const cases = await inLanes(possible, (disk) => survive(disk, setting));
  return resultOf(
    cases,
    [],
    skipped.map((disk) => `${disk.what}: ${lacks(disk).join(", ")}`),
  );
}

/** One start on this disk, then the disk is mended, and the camera goes on. */
export async function survive(disk: StrangeDisk, setting: Setting): Promise<Case> {
  using place = new Place();
  disk.make(place);
  await using trial = await Trial.begin({ ...setting, ...disk.setting, directory: place.camera });
  const mend = disk.hinder?.(trial, place) ?? (() => {});
  let moment: Moment;
  try {
    moment = await trial.start({ hindered: true, ...disk.launch });
  } finally {
    mend();
  }
  const surprises = surprising(disk.expected, moment, requestsIn(trial.simulator.heard).length > 0);
  await trial.recover();
  return { what: disk.what, violations: [...surprises, ...trial.violations] };
}

function surprising(expected: Expectation, { run }: Moment, asked: boolean): readonly Violation[] {
  const { exitStatus, output } = run;
  const last = output.trim().split("\n").at(-1) ?? "";
  switch (expected.kind) {
    case "recognised": {
      const status = { invariant: "I22", what: `ended with ${exitStatus}: ${last}` } as const;
      const question = { invariant: "I18", what: "the server was asked before the disk was looked at" } as const;
      return [...(exitStatus === expected.exitStatus ? [] : [status]), ...(asked ? [question] : [])];
    }
    case "done": {
      const warned = expected.warning === undefined || output.includes(`"${expected.warning}"`);
      if (exitStatus === 0 && warned) return [];
      return [
        {
          invariant: "I22",
          what: `ended with ${exitStatus}, expected 0 and ${expected.warning ?? "no warning"}: ${last}`,
        },
      ];
    }
    case "try later":
      if (asked && (exitStatus === 75 || exitStatus === 0)) return [];
      return [{ invariant: "I20", what: `ended with ${exitStatus}${asked ? "" : " and asked nobody"}: ${last}` }];
    case "survived":
      if (exitStatus === 0 || exitStatus === 74 || exitStatus === 75) return [];
      return [{ invariant: "I22", what: `ended with ${exitStatus}: ${last}` }];
    case "noticed":
      if (asked && exitStatus === expected.exitStatus) return [];
      return [{ invariant: "I22", what: `ended with ${exitStatus}: ${last}` }];
  }
}
