import { readThermalConfig } from "../../files/thermal-config-file.ts";
import type { Event } from "../../flow/accept.ts";
import { isHere } from "../survey.ts";
import type { Task } from "../task.ts";

/**
 * Reads the configuration once more before the first request of a run: should the lock ever fail, another run may have
 * written it meanwhile (docs/architecture.md#two-starts-at-once).
 */
export function lookAgain({ surroundings, credentials }: Task): Event {
  const { configured } = readThermalConfig(surroundings.files, surroundings.directory);
  return { event: "looked-again", configured, configuredHere: isHere(configured, credentials) };
}
