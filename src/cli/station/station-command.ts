import type { Command } from "../command/command.ts";

/** Many cameras from a list: a program of its own, with commands of its own, that is loaded when it is asked for. */
export const station: Command = {
  name: "station",
  summary: "A factory line: provisions the cameras of a list, at many benches, none twice.",
  details: "thermal-provision station --help lists its commands.",
  options: [],

  async takeOver(parameters, io) {
    const { runStationProgram } = await import("../bundles/station.ts");
    return runStationProgram(parameters, io);
  },

  async run() {
    return 0;
  },
};
