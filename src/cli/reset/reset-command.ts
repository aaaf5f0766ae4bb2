import type { Command } from "../command/command.ts";
import { directory, flag } from "../command/option-kinds.ts";

const options = {
  directory,
  purge: flag("--purge", "remove what was put aside earlier, and put nothing aside"),
  yes: flag("--yes", "do it; without this option, reset only says what would happen"),
};

export const reset: Command = {
  name: "reset",
  summary: "Puts an unfinished provisioning aside, so that the next run starts from the beginning.",
  details: `You nearly always want to run provision again instead, which continues an unfinished provisioning.
An unfinished provisioning has a name and a token that the server may know already. When they are put
aside, a device of that name may stay on the server without a camera, and a later run makes another.
Nothing is deleted: the records get a dated name beside the journal, and hold a token. Only --purge removes them.`,
  options: Object.values(options),

  async run(args, io) {
    const { purgeForPeople, reportFailures, resetForPeople } = await import("../bundles/camera.ts");
    const choices = { directory: args.of(options.directory), sure: args.of(options.yes) };
    return reportFailures(io, { forPeople: true }, () =>
      args.of(options.purge) ? purgeForPeople(choices, io) : resetForPeople(choices, io),
    );
  },
};
