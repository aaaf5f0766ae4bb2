import type { System } from "../../src/index.ts";

/** A machine on which nothing is special, whatever this one is. */
export const ordinarySystem: System = {
  mayWrite: () => undefined,
  user: () => ({ number: 1000, name: "camera" }),
  hasFlock: () => true,
  processesAt: () => [],
  unit: () => ({ user: "camera", activeState: "inactive", result: "success", fileState: "enabled" }),
};
