import { seconds } from "../../base/duration.ts";
import type { Command } from "../command/command.ts";
import { connectionChoices, connectionOptions } from "../command/connection-options.ts";
import { choice, directory, flag, json, number } from "../command/option-kinds.ts";
import type { Printer } from "./printer.ts";

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
  strictFiles: flag("--strict-files", "refuse file systems that lose files at reboot, or that ignore file modes"),
  allowSharedFolder: flag(
    "--allow-shared-folder",
    "go on although others may write the folder: they decide where the camera reports",
  ),
  deviceIdWithin: number("--device-id-within <seconds>", "how long to wait for the device's id (default: 2)", {
    least: 0,
    most: 600,
    whole: false,
    absent: 2,
  }),
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
    const forPeople = !args.of(options.json) && (io.isTerminal || args.of(options.human));
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
    const { printDryRun, ForPeople, journalLines, jsonLines, Log, provision } = await import("../bundles/camera.ts");
    if (args.of(options.dryRun)) return printDryRun(choices, io, { forPeople });
    const waits = args.of(options.wait);
    const forJournal = !forPeople && !args.of(options.json) && io.isJournal;
    const log = new Log(args.of(options.logLevel) ?? (forPeople || forJournal ? "silent" : "warn"));
    const lines = forJournal ? journalLines(io) : jsonLines(io);
    const printers: Printer[] = [forPeople ? new ForPeople(io, { waits }) : lines, log];
    const outcome = await provision({
      ...choices,
      wait: waits,
      deviceIdWithin: seconds(args.of(options.deviceIdWithin)),
      signal: io.signal,
      clock: io.clock,
      onStatus: (status) => printers.forEach((each) => void each.status(status)),
      onWarning: (warning) => printers.forEach((each) => void each.warning(warning)),
      onExchange: (exchange) => log.exchange(exchange),
      onRetry: (retry) => printers.forEach((each) => void each.retry(retry)),
      onTry: (begun) => printers.forEach((each) => void each.try?.(begun)),
    });
    for (const each of printers) each.outcome(outcome);
    await log.end();
    return outcome.exitStatus;
  },
};
