import { type Command, UsageError } from "../command/command.ts";
import { flag } from "../command/option-kinds.ts";
import { printJson, printLines } from "../report/print.ts";
import { keyOptions, ledgerOptions, restOf, restOptions, serverOptions, withStation } from "./station-options.ts";

const yes = flag("--yes", "yes, forget it");
const deleteDevice = flag("--delete-device", "delete the device on the server first, if it is still ours");
const options = { ...ledgerOptions, ...keyOptions, ...serverOptions, ...restOptions, yes, deleteDevice };

const meaning = `forgets its name and its secret: the camera, if it is out there, cannot be recognised any more.
Its device stays on the server, unless --delete-device is given; imported again, the camera would need another name.`;

export const forgetCommand: Command = {
  name: "station forget",
  summary: "Takes a camera out of the ledger, with its secret.",
  details: `It ${meaning}`,
  operand: { name: "serial", help: "the camera" },
  options: Object.values(options),

  async run(args, io) {
    const serial = args.operand;
    if (serial === undefined) throw new UsageError("a serial number is missing");
    if (!args.of(yes)) throw new UsageError(`this ${meaning}\nIf that is meant, add --yes.`);
    return withStation(args, io, async (station) => {
      const rest = { provisionFile: args.of(options.provisionFile), ...restOf(args, io) };
      await station.forget(serial, args.of(deleteDevice) ? rest : undefined);
      if (args.of(options.json)) printJson(io, { type: "outcome", result: "forgotten", exit_status: 0, serial });
      else printLines(io, [`${serial} is forgotten`]);
      return 0;
    });
  },
};
