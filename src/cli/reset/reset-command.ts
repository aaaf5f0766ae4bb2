import type { Command } from "../command/command.ts";
import { directory, flag } from "../command/option-kinds.ts";

const options = {
  directory,
  yes: flag("--yes", "do it; without this it is only said what would happen (exit status 0)"),
};

export const reset: Command = {
  name: "reset",
  summary: "Puts an unfinished provisioning aside, so that the next run begins anew.",
  details: `An unfinished provisioning has a name and a token that the server may know already. When they are put
aside, a device of that name may stay on the server without a camera, and a later run makes another.
Nothing is deleted: the records get a dated name beside the journal. To go on instead, start
provision again: that is nearly always what is wanted.`,
  options: Object.values(options),

  async run(args, io) {
    const { resetForPeople, tellingFailures } = await import("../bundles/camera.ts");
    const choices = { directory: args.of(options.directory), sure: args.of(options.yes) };
    return tellingFailures(io, { forPeople: true }, () => resetForPeople(choices, io));
  },
};
