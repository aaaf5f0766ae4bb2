import type { Command } from "../command/command.ts";
import { connectionChoices, connectionOptions } from "../command/connection-options.ts";
import { directory, flag, json } from "../command/option-kinds.ts";
import { printJson, printLines } from "../report/print.ts";
import { lookOf } from "../text/look.ts";

const options = {
  directory,
  askServer: flag("--ask-server", "ask the server whether it knows key and secret; makes no device"),
  tryCredentials: flag("--try-credentials", "log in with the camera's own credentials; ends a session that it has"),
  ...connectionOptions,
  json,
};

export const check: Command = {
  name: "check",
  summary: "Looks at everything that can be wrong: files, disk, camera, clock, name, way, TLS, server.",
  details: `Writes nothing, takes no lock, makes no device; may run beside a running camera. What cannot be seen because of
another failure is skipped. Exit status 0 with warnings only, else that of the worst failure: 78, 73, 74, 77, 75.`,
  options: Object.values(options),

  async run(args, io) {
    const {
      check: look,
      encodeLine,
      LinesForPeople,
      outcomeForPeople,
      reportFailures,
    } = await import("../bundles/camera.ts");
    const forPeople = !args.of(options.json);
    const { CREDENTIALS_DIRECTORY: credentialsDirectory } = io.environment;
    const people = new LinesForPeople(lookOf(io));
    return reportFailures(io, { forPeople }, async () => {
      const found = await look({
        directory: args.of(options.directory),
        askServer: args.of(options.askServer),
        tryCredentials: args.of(options.tryCredentials),
        ...connectionChoices(args),
        signal: io.signal,
        surroundings: { clock: io.clock, ...(credentialsDirectory ? { credentialsDirectory } : {}) },
        onLine: (line) => (forPeople ? printLines(io, people.line(line)) : printJson(io, encodeLine(line))),
      });
      const { exitStatus } = found;
      const result = exitStatus === 0 ? "passed" : "failed";
      if (forPeople) printLines(io, outcomeForPeople(found, lookOf(io)));
      else printJson(io, { type: "outcome", result, exit_status: exitStatus });
      return exitStatus;
    });
  },
};
