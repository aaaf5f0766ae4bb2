import type { Command } from "../command/command.ts";
import { text } from "../command/option-kinds.ts";

const options = {
  keep: text("--keep <folder>", "leave the cameras' folders there, to look at; a new or empty folder"),
};

export const demo: Command = {
  name: "demo",
  summary: "Shows everything: a camera, a server, a lost answer, a wrong secret. Needs no network and no server.",
  details: "Every claim that it makes is checked; the exit status is 70 when one does not hold.",
  options: Object.values(options),

  async run(args, io) {
    const { runDemo } = await import("../bundles/demo.ts");
    return runDemo({ keep: args.of(options.keep) }, io);
  },
};
