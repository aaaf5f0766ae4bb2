import { resolve } from "node:path";
import { seconds } from "../../base/duration.ts";
import type { Command } from "../command/command.ts";
import { connectionChoices, connectionOptions } from "../command/connection-options.ts";
import { choice, directory, flag, json, number, text } from "../command/option-kinds.ts";

const options = {
  directory,
  json,
  human: flag("--human", "the form for people, also when standard output is not a terminal"),
  dryRun: flag("--dry-run", "check everything that can be checked here; send nothing, change nothing"),
  wait: flag("--wait", "keep trying until it is done or told to stop, unless somebody must correct something"),
  newIdentity: flag("--new-identity", "make a new device, although the present credentials may still work"),
  noBody: flag("--no-body", "record nothing of the board: for images and benches, whose cards go into other cameras"),
  bodyReplaced: flag("--body-replaced", "accept what another board began or has: this camera's board was replaced"),
  ...connectionOptions,
  certificateCommand: text(
    "--client-certificate-command <program>",
    "has the camera's certificate made: a request on its standard input, the answer on its output",
  ),
  strictFiles: flag("--strict-files", "refuse file systems that lose files at reboot, or that ignore file modes"),
  allowSharedFolder: flag(
    "--allow-shared-folder",
    "go on although others may write the folder: they decide where the camera reports",
  ),
  deviceIdWithin: number("--device-id-within <seconds>", "how long to ask for the device's id (default: 0.5)", {
    least: 0,
    most: 600,
    whole: false,
    absent: 0.5,
  }),
  metrics: text("--metrics <file>", "at each end of a run, write what the camera is for Prometheus, as status does"),
  logLevel: choice(
    "--log-level <level>",
    "what to log on standard error; default: warn, for people silent",
    ["silent", "error", "warn", "info", "debug"],
    undefined,
  ),
};

export const provision: Command = {
  name: "provision",
  summary: "Provisions the camera whose files are in a folder: one run, safe to repeat at any time.",
  details: `Without provision.txt, and with nothing unfinished, it asks no server and leaves the camera's files alone;
it only clears temporary files that a killed run left behind.
On a terminal it speaks to people, in a systemd unit to the journal, a line an event; else, or
with --json, it writes one JSON object per line, the last one with "type": "outcome".`,
  options: Object.values(options),

  async run(args, io) {
    const { CREDENTIALS_DIRECTORY: credentialsDirectory } = io.environment;
    const choices = {
      directory: args.of(options.directory),
      newIdentity: args.of(options.newIdentity),
      noBody: args.of(options.noBody),
      bodyReplaced: args.of(options.bodyReplaced),
      strictFiles: args.of(options.strictFiles),
      allowSharedFolder: args.of(options.allowSharedFolder),
      ...connectionChoices(args),
      ...(credentialsDirectory ? { credentialsDirectory } : {}),
    };
    const forPeople = !args.of(options.json) && (io.isTerminal || args.of(options.human));
    if (args.of(options.dryRun)) {
      const { printDryRun } = await import("../bundles/camera.ts");
      return printDryRun(choices, io, { forPeople });
    }
    const form = forPeople ? "people" : !args.of(options.json) && io.isJournal ? "journal" : "json";
    const program = args.of(options.certificateCommand);
    const run = {
      ...choices,
      ...(program === undefined ? {} : { requestCertificate: certificateFrom(resolve(program)) }),
      wait: args.of(options.wait),
      deviceIdWithin: seconds(args.of(options.deviceIdWithin)),
    };
    const telling = { form, logLevel: args.of(options.logLevel) ?? (form === "json" ? "warn" : "silent") } as const;
    const { tellProvisioning } = await import("../bundles/camera.ts");
    return tellProvisioning(run, telling, io, args.of(options.metrics));
  },
};

/** The program is started by the part of the command that is loaded when there is something to do. */
function certificateFrom(program: string) {
  return async (request: string, signal: AbortSignal) => {
    const { askProgram } = await import("../bundles/camera.ts");
    return askProgram(program, request, signal);
  };
}
