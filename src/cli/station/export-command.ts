import { type Command, UsageError } from "../command/command.ts";
import { printJson, printLines } from "../report/print.ts";
import { given, keyOptions, ledgerOptions, outputOptions, serverOptions, withStation } from "./station-options.ts";

const options = { ...ledgerOptions, ...keyOptions, ...serverOptions, ...outputOptions };

export const exportCommand: Command = {
  name: "station export",
  summary: "Writes the files of a proved camera once more, as for a board whose memory was replaced.",
  operand: { name: "serial", help: "the camera" },
  options: Object.values(options),

  async run(args, io) {
    const serial = args.operand;
    if (serial === undefined) throw new UsageError("a serial number is missing");
    return withStation(args, io, async (station) => {
      const output = args.of(options.output);
      await station.export(serial, {
        provisionFile: args.of(options.provisionFile),
        output,
        withProvisionJson: args.of(options.withProvisionJson),
        ...given("template", args.of(options.template)),
      });
      if (args.of(options.json)) printJson(io, { type: "outcome", result: "exported", exit_status: 0, serial });
      else printLines(io, [`${output}/${serial} was written`]);
      return 0;
    });
  },
};
