import { resolve } from "node:path";
import type { Command } from "../command/command.ts";
import { directory, flag, json, text } from "../command/option-kinds.ts";

const options = {
  directory,
  json,
  svg: text("--svg <file>", "write the code into this file, as a picture, instead of printing it"),
  force: flag("--force", "write over that file, where there is one"),
};

export const label: Command = {
  name: "label",
  summary: "Makes the QR code of a provisioned camera: serial number, device, server. No secret is in it.",
  details: `The code holds JSON: {"thermal_provision_label":1,"serial":…,"device_name":…,"server":…,"device_id":…}. A later version
only adds. The serial number is that of the board, where its firmware tells one; the device's id is there where it is
known. It asks no server.`,
  options: Object.values(options),

  async run(args, io) {
    const { labelCamera, reportFailures } = await import("../bundles/camera.ts");
    const forPeople = !args.of(options.json);
    const svg = args.of(options.svg);
    const choices = {
      directory: args.of(options.directory),
      force: args.of(options.force),
      ...(svg === undefined ? {} : { svg: resolve(svg) }),
    };
    return reportFailures(io, { forPeople }, () => labelCamera(choices, io, { forPeople }));
  },
};
