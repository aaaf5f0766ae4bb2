import type { CameraEnd, StationEnd } from "../../station/run/station-options.ts";
import type { Command } from "../command/command.ts";
import { encodeError } from "../report/encode-error.ts";
import { errorForPeople } from "../report/error-for-people.ts";
import { printJson, printLines } from "../report/print.ts";
import { lookOf } from "../text/look.ts";
import { Progress } from "./progress.ts";
import {
  given,
  keyOptions,
  ledgerOptions,
  outputOptions,
  restOf,
  restOptions,
  runOptions,
  serverOptions,
  withStation,
} from "./station-options.ts";

const options = { ...ledgerOptions, ...keyOptions, ...serverOptions, ...restOptions, ...outputOptions, ...runOptions };

export const runCommand: Command = {
  name: "station run",
  summary: "Provisions all cameras of the ledger that are not proved yet; any number of benches at once.",
  details: `Safe to stop and to start again at any time, here or at another bench: the next run goes on.
Exit status: 0 all proved, 77 some need a person, 75 some may pass later.`,
  options: Object.values(options),

  async run(args, io) {
    return withStation(args, io, async (station) => {
      const isJson = args.of(options.json);
      const before = await station.count();
      const total = before.new + before.running + before.waiting;
      const progress = isJson ? undefined : new Progress(io, total);
      const end = await station.run({
        provisionFile: args.of(options.provisionFile),
        output: args.of(options.output),
        withProvisionJson: args.of(options.withProvisionJson),
        concurrency: args.of(options.concurrency),
        ...given("template", args.of(options.template)),
        ...given("method", args.of(options.method)),
        ...given("station", args.of(options.station)),
        ...restOf(args, io),
        onCamera: (camera) => (isJson ? printJson(io, encodeCamera(camera)) : progress?.camera(camera)),
        onWarning: ({ code, message }) =>
          isJson ? printJson(io, { type: "warning", code, message }) : io.err(`warning ${code}: ${message}\n`),
        onUsage: ({ devices, maxDevices }, toCome) => {
          if (isJson) printJson(io, { type: "usage", devices, max_devices: maxDevices, to_come: toCome });
          else if (maxDevices > 0) printLines(io, [usageInWords(devices, maxDevices, toCome)]);
        },
      });
      if (isJson) printJson(io, encodeEnd(end));
      else {
        progress?.end();
        printLines(io, endForPeople(end));
        if (end.error !== undefined) {
          printLines(io, errorForPeople(end.error, { ...lookOf(io), deviceName: "", waited: true, here: "bench" }));
        }
      }
      return end.exitStatus;
    });
  },
};

function usageInWords(devices: number, most: number, toCome: number): string {
  const fit = Math.min(toCome, Math.max(0, most - devices));
  return `${group(fit)} of ${group(toCome)} fit: the tenant has ${group(devices)} of ${group(most)} devices`;
}

/** `9,500`. */
function group(count: number): string {
  return count.toLocaleString("en");
}

function encodeCamera({ serial, deviceName, state, deviceId, cause, message }: CameraEnd) {
  return {
    type: "camera",
    serial,
    state,
    device_name: deviceName,
    device_id: deviceId,
    ...(cause === undefined ? {} : { error_code: cause, message }),
  };
}

function encodeEnd({ exitStatus, counts, error }: StationEnd) {
  const result = exitStatus === 0 ? "done" : error === undefined ? "incomplete" : "failed";
  return {
    type: "outcome",
    result,
    exit_status: exitStatus,
    counts,
    ...(error === undefined ? {} : { error: encodeError(error) }),
  };
}

function endForPeople({ counts: { proved, failed, waiting, running, new: untouched } }: StationEnd): string[] {
  const left = waiting + running + untouched;
  return [
    `${proved} proved, ${failed} failed, ${left} to come`,
    ...(failed > 0
      ? [
          "  failed cameras need a person: station list --state failed says why, explain CODE what to do; then station retry",
        ]
      : []),
    ...(left > 0 ? ["  the next run goes on with those to come"] : []),
  ];
}
