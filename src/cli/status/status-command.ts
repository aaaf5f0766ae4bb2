import type { Command } from "../command/command.ts";
import { directory, json } from "../command/option-kinds.ts";

const options = { directory, json };

export const status: Command = {
  name: "status",
  summary: "Tells how far the provisioning in a folder is; also while a run is at work, and after a crash.",
  details: "Reads provisioning_status.json and the journal; changes nothing and asks nobody.",
  options: Object.values(options),

  async run(args, io) {
    const { encodeInspection, inspect, inspectionForPeople, tellingFailures } = await import("../bundles/camera.ts");
    const forPeople = !args.of(options.json);
    return tellingFailures(io, { forPeople }, async () => {
      const inspection = await inspect({ directory: args.of(options.directory) });
      if (forPeople) io.out(`${inspectionForPeople(inspection, io).join("\n")}\n`);
      else io.out(`${JSON.stringify({ type: "inspection", ...encodeInspection(inspection) })}\n`);
      return 0;
    });
  },
};
