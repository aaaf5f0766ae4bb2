import { resolve } from "node:path";
import { nodeFileSystem } from "../../files/disk/file-system.ts";
import { readJsonFile } from "../../files/json/json-file.ts";
import { problemInWords } from "../../model/problem.ts";
import { parseConfig, type SimulatorConfig } from "../../simulator/options/config-schema.ts";
import { UsageError } from "../command/command.ts";
import { checkJsonFile } from "./check-json-file.ts";

/** Room for ten thousand devices with certificates. */
const limit = 32 * 1024 * 1024;

/** What `--config` says. Throws UsageError with everything that is wrong with it. */
export function loadConfig(path: string): SimulatorConfig {
  const file = readJsonFile(nodeFileSystem, resolve(path), limit);
  if (file.kind === "absent") throw new UsageError(`--config: ${path} does not exist`);
  const { value, problems } = checkJsonFile(file, parseConfig);
  if (value !== undefined) return value;
  throw new UsageError(`--config: ${path} is not a configuration\n${problems.map(problemInWords).join("\n")}`);
}
