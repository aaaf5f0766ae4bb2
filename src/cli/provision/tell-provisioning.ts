import { provision } from "../../provision.ts";
import type { ExitStatus } from "../command/command.ts";
import type { Io } from "../io.ts";
import { MetricsFile } from "./metrics-file.ts";
import { type Choices, type Telling, tell } from "./tell.ts";

/** Provisions the camera, and tells how that goes; to Prometheus, too, where a file for it is named. */
export async function tellProvisioning(
  choices: Choices,
  telling: Telling,
  io: Io,
  metricsFile?: string,
): Promise<ExitStatus> {
  if (metricsFile === undefined) return tell<never>(provision, choices, telling, io);
  // In systemd's journal it is a warning; standard error is read there, too.
  const priority = telling.form === "journal" ? "<4>" : "";
  const metrics = new MetricsFile(metricsFile, (text) => io.err(`${priority}${text.replace(/\s*\n\s*/g, "; ")}\n`));
  const exitStatus = await tell<never>((options) => provision(metrics.watching(options)), choices, telling, io);
  await metrics.write({ ...choices, clock: io.clock });
  return exitStatus;
}
