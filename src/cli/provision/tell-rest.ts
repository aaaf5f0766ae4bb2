import { atRest } from "../../run/at-rest.ts";
import type { ExitStatus } from "../command/command.ts";
import type { Io } from "../io.ts";
import { type Choices, type Telling, tell } from "./tell.ts";

/** Tells that nothing is to be done; undefined, and nothing told, where there may be something. */
export function tellRest(choices: Choices, telling: Telling, io: Io): Promise<ExitStatus | undefined> {
  return tell<undefined>(atRest, choices, telling, io);
}
