import { provision } from "../../provision.ts";
import type { ExitStatus } from "../command/command.ts";
import type { Io } from "../io.ts";
import { type Choices, type Telling, tell } from "./tell.ts";

/** Provisions the camera, and tells how that goes. */
export function tellProvisioning(choices: Choices, telling: Telling, io: Io): Promise<ExitStatus> {
  return tell<never>(provision, choices, telling, io);
}
