import type { Command } from "../command/command.ts";
import { directory, json } from "../command/option-kinds.ts";
import { printJson, printLines } from "../report/print.ts";
import { lookOf } from "../text/look.ts";

const options = { directory, json };

export const status: Command = {
  name: "status",
  summary: "Tells how far the provisioning in a folder is; also while a run is at work, and after a crash.",
  details: "Reads provisioning_status.json and the journal; changes nothing and asks no server.",
  options: Object.values(options),

  async run(args, io) {
    const { encodeInspection, inspect, inspectionForPeople, reportFailures } = await import("../bundles/camera.ts");
    const forPeople = !args.of(options.json);
    return reportFailures(io, { forPeople }, async () => {
      const inspection = await inspect({ directory: args.of(options.directory) });
      if (forPeople) printLines(io, inspectionForPeople(inspection, lookOf(io)));
      else printJson(io, { type: "inspection", ...encodeInspection(inspection) });
      return 0;
    });
  },
};
