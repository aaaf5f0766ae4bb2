import type { Command } from "../command/command.ts";
import { directory, flag, json } from "../command/option-kinds.ts";

const options = {
  directory,
  json,
  lastSuccess: flag("--last-success", "put the credentials that the server accepted last into thermal_config.json"),
  force: flag("--force", "put it back although the server refuses its credentials, or does not answer"),
  allowSharedFolder: flag("--allow-shared-folder", "as for provision: accept a folder that others can write"),
};

export const restore: Command = {
  name: "restore",
  summary: "Lists the backups of thermal_config.json, or puts one back, after the server was asked about it.",
  details: `Without a name it lists the backups, the newest first, with what putting each one back would change; secrets are
masked. With a name, the server is asked first whether it still knows the credentials in that backup. What it refuses
is not put back (exit status 77), and neither is anything while it does not answer (75). What was there before is
backed up itself. It is refused while a provisioning is unfinished.
With --last-success no backup is needed: where another program has written an older thermal_config.json back, the
sections device, server and provisioning of the last success are put into it; the rest of it stays as it is now.`,
  operand: { name: "[backup]", help: "the name of the backup, such as thermal_config.json.backup.1698069000" },
  options: Object.values(options),

  async run(args, io) {
    const { listBackups, putBack, reportFailures } = await import("../bundles/camera.ts");
    const forPeople = !args.of(options.json);
    const folder = args.of(options.directory);
    const lastSuccess = args.of(options.lastSuccess);
    const choices = {
      directory: folder,
      lastSuccess,
      force: args.of(options.force),
      allowSharedFolder: args.of(options.allowSharedFolder),
    };
    const isList = args.operand === undefined && !lastSuccess;
    return reportFailures(io, { forPeople }, () =>
      isList ? listBackups(folder, io, { forPeople }) : putBack(args.operand, choices, io, { forPeople }),
    );
  },
};
