import type { Command } from "../command/command.ts";
import { directory, flag, json } from "../command/option-kinds.ts";

const options = {
  directory,
  json,
  yes: flag("--yes", "do it; without this option, decommission only says what would go"),
  secret: flag("--with-provisioning-secret", "remove provision.json, too: key and secret of the device profile"),
};

export const decommission: Command = {
  name: "decommission",
  summary: "Takes the camera out of service: overwrites and removes its credentials, backups and journals.",
  details: `What is not ours in thermal_config.json stays. Every step is on the disk before the next one begins: after a power cut
in the middle no start provisions the camera again, and the same command finishes the rest.
The device on the server stays; delete it there. What was removed is printed as a receipt.`,
  options: Object.values(options),

  async run(args, io) {
    const { decommissionCamera, reportFailures } = await import("../bundles/camera.ts");
    const forPeople = !args.of(options.json);
    const choices = {
      directory: args.of(options.directory),
      withProvisioningSecret: args.of(options.secret),
      sure: args.of(options.yes),
    };
    return reportFailures(io, { forPeople }, () => decommissionCamera(choices, io, { forPeople }));
  },
};
