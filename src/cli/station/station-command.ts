import { type Command, UsageError } from "../command/command.ts";

/** Many cameras from a list: a program of its own, with commands of its own, that is loaded when it is asked for. */
export const station: Command = {
  name: "station",
  summary: "A factory line: provisions the cameras of a list, at many benches, none twice.",
  details: "thermal-provision station --help lists its commands.",
  options: [],

  async takeOver(parameters, io) {
    const { runStationProgram } = await import("../bundles/station.ts").catch(notHere);
    return runStationProgram(parameters, io);
  },

  async run() {
    return 0;
  },
};

/** A camera's package leaves the station out: it would be the larger half. */
function notHere(error: unknown): never {
  const isMissing = error instanceof Error && "code" in error && error.code === "MODULE_NOT_FOUND";
  if (!isMissing || !error.message.includes("station.cjs")) throw error;
  throw new UsageError(
    "this package is for a camera and has no station; install the npm package where the station runs",
  );
}
