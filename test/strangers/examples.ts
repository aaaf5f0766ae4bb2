import { resolve } from "node:path";
import type { PythonEnvironment } from "./python.ts";
import { isThere, run } from "./stranger.ts";

/** A sample of `examples/testing/` that needs more than Node; it starts a simulator of its own. */
interface Example {
  readonly name: string;
  readonly missing: () => Promise<string | undefined>;
  readonly run: () => Promise<unknown>;
}

const command = { THERMAL_PROVISION: `${process.execPath} ${resolve("dist/cli/thermal-provision.cjs")}` };

export function examples(environment: PythonEnvironment): readonly Example[] {
  const pytest = ["-m", "pytest", "-q", "-p", "no:cacheprovider", "examples/testing/test_camera.py"];
  return [
    {
      name: "examples/testing/test_camera.py",
      missing: async () => environment.missing,
      run: () => run(environment.python, pytest, { ...command, PYTHONDONTWRITEBYTECODE: "1" }),
    },
    {
      name: "examples/testing/camera.sh",
      missing: async () => ((await isThere("mosquitto_rr", "--help")) ? undefined : "mosquitto-clients is missing"),
      run: () => run("sh", ["examples/testing/camera.sh"], command),
    },
  ];
}
