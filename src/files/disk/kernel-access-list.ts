import { spawnSync } from "node:child_process";
import { ProvisioningError } from "../../model/errors.ts";
import type { AccessList, Handle } from "./handle.ts";

/** The child has the file under this number, whatever it is called by now. */
const inChild = "/proc/self/fd/3";

/** Node.js reads no extended attributes, so getfacl(1) does. Undefined where there is no list, or no such program. */
export function accessListOf(file: Handle): AccessList | undefined {
  const options = ["--omit-header", "--numeric", "--no-effective", "--absolute-names", inChild];
  const { status, stdout } = spawnSync("getfacl", options, {
    stdio: ["ignore", "pipe", "ignore", file],
    encoding: "utf8",
  });
  // Without a mask there is nothing in it that the mode does not say.
  if (status !== 0 || !/^mask:/m.test(stdout)) return undefined;
  return { applyTo: (other) => apply(stdout, other) };
}

function apply(list: string, file: Handle): void {
  const { status } = spawnSync("setfacl", ["--set-file=-", inChild], {
    stdio: ["pipe", "ignore", "ignore", file],
    input: list,
  });
  if (status === 0) return;
  const what = "the access control list of thermal_config.json";
  throw new ProvisioningError("PERMISSION_DENIED", `${what} could not be given to another file (setfacl)`);
}
