import type { Command } from "../command/command.ts";
import { directory, flag, json, text } from "../command/option-kinds.ts";
import { printJson, printLines } from "../report/print.ts";
import { lookOf } from "../text/look.ts";

const options = {
  directory,
  json,
  metrics: text("--metrics <file>", "write it for Prometheus, too: for the textfile collector of node exporter"),
  isProvisioned: flag("--is-provisioned", "print nothing; exit status 0 if the camera is provisioned, else 1"),
};

export const status: Command = {
  name: "status",
  summary: "Tells what the camera is and how far its provisioning is; also during a run, and after a crash.",
  details: `Reads the files in the folder; changes nothing and asks no server. Another user may ask, and sees less.
With --is-provisioned the exit status is 1 also where it cannot be known: no folder, unreadable, damaged.`,
  options: Object.values(options),

  async run(args, io) {
    const { encodeInspection, inspect, inspectionForPeople, isProvisioned, reportFailures, writeMetrics } =
      await import("../bundles/camera.ts");
    const choices = { directory: args.of(options.directory), clock: io.clock };
    if (args.of(options.isProvisioned)) return (await isProvisioned(choices)) ? 0 : 1;
    const forPeople = !args.of(options.json);
    return reportFailures(io, { forPeople }, async () => {
      const inspection = await inspect(choices);
      const metrics = args.of(options.metrics);
      if (metrics !== undefined) writeMetrics(metrics, inspection);
      if (forPeople) printLines(io, inspectionForPeople(inspection, lookOf(io), io.clock.now()));
      else printJson(io, { type: "inspection", ...encodeInspection(inspection) });
      return 0;
    });
  },
};
