import { resolve } from "node:path";
import { type Arguments, type Command, UsageError } from "../command/command.ts";
import { directory, flag, json, text, texts } from "../command/option-kinds.ts";
import type { Io } from "../io.ts";
import type { Printer } from "../provision/printer.ts";

const options = {
  directory,
  json,
  tokenFile: text("--token-file <file>", "the token on one line, or JSON with access_token and device_name"),
  deviceName: text("--device-name <name>", "what the device is called on the server, where the file does not say it"),
  requireTls: flag("--require-tls", "refuse to speak plain text"),
  caFile: texts("--ca-file <file>", "trust these certificates (PEM), as for provision"),
  allowSharedFolder: flag("--allow-shared-folder", "as for provision: accept a folder that others can write"),
};

export const adopt: Command = {
  name: "adopt",
  summary: "Takes credentials that an administrator made on the server: proves them, and saves them.",
  details: `The server is that of provision.json. The credentials come from --token-file, or are asked for: on a terminal what
is typed is not shown; else the first line of standard input counts. They are never taken from the command line,
which every user of the camera can see. What the server refuses (exit status 77) or does not answer (75) changes
nothing; what it accepts is saved as a provisioning saves it, with a backup, and provision.txt is renamed.`,
  options: Object.values(options),

  async run(args, io) {
    const { adopt, ForPeople, givenCredentials, jsonLines, nodeFileSystem, readGivenCredentials, reportFailures } =
      await import("../bundles/camera.ts");
    const forPeople = !args.of(options.json);
    return reportFailures(io, { forPeople }, async () => {
      const path = args.of(options.tokenFile);
      const found =
        path === undefined
          ? givenCredentials(await asked(io), "what was typed")
          : readGivenCredentials(nodeFileSystem, resolve(path));
      const deviceName = args.of(options.deviceName);
      const given = deviceName === undefined ? found : { ...found, deviceName };
      const printer: Printer = forPeople ? new ForPeople(io, { waits: false }) : jsonLines(io);
      const outcome = await adopt(given, {
        ...choices(args, io),
        signal: io.signal,
        clock: io.clock,
        onStatus: (status) => printer.status(status),
        onWarning: (warning) => printer.warning(warning),
        onTry: (begun) => printer.try?.(begun),
      });
      printer.outcome(outcome);
      return outcome.exitStatus;
    });
  },
};

function choices(args: Arguments, { environment }: Io) {
  const { CREDENTIALS_DIRECTORY: credentialsDirectory } = environment;
  const caFile = args.of(options.caFile).map((name) => (name === "system" ? name : resolve(name)));
  return {
    directory: args.of(options.directory),
    requireTls: args.of(options.requireTls),
    allowSharedFolder: args.of(options.allowSharedFolder),
    ...(credentialsDirectory ? { credentialsDirectory } : {}),
    ...(caFile.length === 0 ? {} : { caFile }),
  };
}

async function asked(io: Io): Promise<string> {
  const line = await io.ask("Access token of the device (not shown): ", "hidden");
  if (line === undefined || line.trim() === "") throw new UsageError("no token was given");
  return line;
}
