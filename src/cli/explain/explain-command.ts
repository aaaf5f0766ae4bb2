import { type Command, didYouMean, UsageError } from "../command/command.ts";
import { printLines } from "../report/print.ts";
import { lookOf } from "../text/look.ts";

export const explain: Command = {
  name: "explain",
  summary: "Says what an error, a warning or an exit status means, its usual causes, and what to check.",
  operand: {
    name: "[code]",
    help: "the code, such as NO_ANSWER, or an exit status, such as 77; without it all codes are listed",
  },
  options: [],

  async run({ operand }, io) {
    const { explanation, listOfCodes, nearestCode } = await import("../bundles/camera.ts");
    const look = lookOf(io);
    const lines = operand === undefined ? listOfCodes(look) : explanation(operand.toUpperCase(), look);
    if (lines === undefined) throw new UsageError(unknown(operand ?? "", nearestCode(operand ?? "")));
    printLines(io, lines);
    return 0;
  },
};

function unknown(code: string, nearest: string | undefined): string {
  return `no error, warning or exit status is called ${JSON.stringify(code)}${didYouMean(nearest)}`;
}
