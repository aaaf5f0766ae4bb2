import { resolve } from "node:path";
import type { Command } from "../command/command.ts";
import { directory, flag, text } from "../command/option-kinds.ts";

const options = {
  directory,
  output: text("--output <file>", "write it into this file, which must not be there yet, instead of printing it"),
  withoutCheck: flag("--without-check", "leave out what check finds, and with it every connection to the server"),
  withoutFiles: flag("--without-files", "leave out the names, modes and owners of the files"),
  withoutUnit: flag("--without-unit", "leave out what systemd says of the unit"),
  withoutLog: flag("--without-log", "leave out the unit's last log lines"),
};

export const diagnostics: Command = {
  name: "diagnostics",
  summary: "Gathers what support wants to know, as one JSON document that a person can read before sending it.",
  details: `Versions, what status and check say, the folder's files with their modes and owners, the records of the journal
by name and hash, what systemd says of thermal-provision.service, and its last log lines, as far as this user may see
them. Names of devices, servers and files are in it; keys, secrets and tokens are not. It changes nothing, and makes
nothing on the server.`,
  options: Object.values(options),

  async run(args, io) {
    const { reportFailures, tellDiagnostics } = await import("../bundles/camera.ts");
    const output = args.of(options.output);
    const choices = {
      directory: args.of(options.directory),
      withoutCheck: args.of(options.withoutCheck),
      withoutFiles: args.of(options.withoutFiles),
      withoutUnit: args.of(options.withoutUnit),
      withoutLog: args.of(options.withoutLog),
      ...(output === undefined ? {} : { output: resolve(output) }),
    };
    return reportFailures(io, { forPeople: true }, () => tellDiagnostics(choices, io));
  },
};
