import { rmSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isThere, run, type Stranger } from "./stranger.ts";

const packages = ["tb-mqtt-client==1.13.14", "pytest==9.0.2"];

/** Python packages in an environment of their own, which is gone afterwards. */
export class PythonEnvironment implements Disposable {
  readonly #folder: string;
  /** Why there is none; undefined when there is one. */
  readonly missing: string | undefined;

  private constructor(folder: string, missing: string | undefined) {
    this.#folder = folder;
    this.missing = missing;
  }

  static async make(): Promise<PythonEnvironment> {
    const folder = await mkdtemp(join(tmpdir(), "strangers-"));
    return new PythonEnvironment(folder, await install(folder));
  }

  get python(): string {
    return join(this.#folder, "bin/python");
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

async function install(folder: string): Promise<string | undefined> {
  if (!(await isThere("python3", "--version"))) return "Python 3 is not installed";
  try {
    await run("python3", ["-m", "venv", folder]);
    await run(join(folder, "bin/python"), ["-m", "pip", "install", "--quiet", "--no-input", ...packages]);
    return undefined;
  } catch (error) {
    return `${packages.join(", ")} could not be installed: ${String(error).slice(0, 500)}`;
  }
}

/** ThingsBoard's own client for Python. */
export function thingsBoardPython(environment: PythonEnvironment): Stranger {
  return {
    name: "tb-mqtt-client, ThingsBoard's client for Python",
    missing: async () => environment.missing,
    async meet({ host, port }) {
      await run(environment.python, ["test/strangers/thingsboard_client.py", host, String(port)]);
    },
  };
}
