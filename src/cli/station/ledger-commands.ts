import type { Camera } from "../../station/ledger/cameras.ts";
import { type CameraState, cameraStates } from "../../station/ledger/tables.ts";
import { type Command, UsageError } from "../command/command.ts";
import { choice } from "../command/option-kinds.ts";
import { printJson, printLines } from "../report/print.ts";
import { ledgerOptions, unknownSerial, withStation } from "./station-options.ts";

const state = choice("--state <state>", "only cameras in this state", cameraStates, undefined);

export const statusCommand: Command = {
  name: "station status",
  summary: "Counts the cameras of the ledger by their state, and what failed by its cause.",
  options: Object.values(ledgerOptions),

  async run(args, io) {
    return withStation(args, io, async (station) => {
      const counts = await station.count();
      const causes = await station.causes();
      if (args.of(ledgerOptions.json)) printJson(io, { type: "status", counts, causes });
      else {
        const byState = cameraStates.map((each) => `${String(counts[each]).padStart(8)}  ${each}`);
        const byCause = causes.map(({ cause, count }) => `${String(count).padStart(8)}  ${cause}`);
        printLines(io, [...byState, ...(byCause.length > 0 ? ["of failed and waiting:", ...byCause] : [])]);
      }
      return 0;
    });
  },
};

export const listCommand: Command = {
  name: "station list",
  summary: "Lists the cameras of the ledger, a line each.",
  options: Object.values({ ...ledgerOptions, state }),

  async run(args, io) {
    return withStation(args, io, async (station) => {
      const wanted = args.of(state);
      for await (const camera of station.cameras(wanted === undefined ? {} : { states: [wanted] })) {
        if (args.of(ledgerOptions.json)) printJson(io, { type: "camera", ...encodeCamera(camera) });
        else printLines(io, [lineOf(camera)]);
      }
      return 0;
    });
  },
};

export const retryCommand: Command = {
  name: "station retry",
  summary: "Lets the next run try failed cameras once more: all of them, or those named.",
  operand: { name: "[serial...]", help: "the cameras that are meant", repeated: true },
  options: Object.values(ledgerOptions),

  async run(args, io) {
    return withStation(args, io, async (station) => {
      const named = args.operands.length > 0 ? args.operands : undefined;
      const states = new Map<string, CameraState>();
      if (named !== undefined) {
        for await (const camera of station.cameras({ serials: named })) states.set(camera.serial, camera.state);
        const unknown = named.filter((serial) => !states.has(serial));
        if (unknown.length > 0) throw unknownSerial(unknown.join(", "));
      }
      const serials = await station.retry(named);
      const others = (named ?? []).filter((serial) => !serials.includes(serial));
      if (args.of(ledgerOptions.json)) {
        printJson(io, { type: "outcome", result: "retried", exit_status: 0, serials, left_alone: others });
      } else {
        const left = others.map((serial) => `  ${serial} is ${states.get(serial)}`);
        printLines(io, [`${serials.length} to be tried once more`, ...left]);
      }
      return 0;
    });
  },
};

export const showCommand: Command = {
  name: "station show",
  summary: "Shows what the ledger knows of a camera, all but its secret.",
  operand: { name: "serial", help: "the camera" },
  options: Object.values(ledgerOptions),

  async run(args, io) {
    const serial = args.operand;
    if (serial === undefined) throw new UsageError("a serial number is missing");
    return withStation(args, io, async (station) => {
      for await (const camera of station.cameras({ serials: [serial] })) {
        const { others, ...facts } = { ...encodeCamera(camera), others: camera.others };
        if (args.of(ledgerOptions.json)) printJson(io, { type: "camera", ...facts, others });
        else {
          const rows = Object.entries({ ...facts, ...others });
          printLines(
            io,
            rows.map(([name, value]) => `${name.padEnd(18)}${value ?? ""}`),
          );
        }
        return 0;
      }
      throw unknownSerial(serial);
    });
  },
};

function lineOf({ serial, state: is, deviceName, cause, causeMessage }: Camera): string {
  const why = cause === null ? "" : `  ${cause}: ${causeMessage ?? ""}`;
  return `${serial.padEnd(20)}  ${is.padEnd(8)}  ${deviceName ?? ""}${why}`;
}

/** The columns of the report, in their order. */
export function encodeCamera(camera: Camera) {
  return {
    serial: camera.serial,
    device_name: camera.deviceName,
    label: camera.label,
    device_id: camera.deviceId,
    credentials_type: camera.credentialsType,
    state: camera.state satisfies CameraState,
    when: camera.changedAt?.toISOString() ?? null,
    station: camera.station,
    tries: camera.tries,
    cause: camera.cause === null ? null : `${camera.cause}: ${camera.causeMessage ?? ""}`,
  };
}
