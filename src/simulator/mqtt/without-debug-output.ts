import { createRequire } from "node:module";

/**
 * Does `work`, which must be synchronous, with a library that may not print meanwhile: mqtt-packet tells the package
 * `debug` every packet, passwords included, and the program that uses us may have asked for that output, with `DEBUG=*`
 * or by a call of its own. Only our own packets are kept quiet. The command has no such output: its build leaves it out.
 */
export function withoutDebugOutput<Result>(work: () => Result): Result {
  const debug = debugOfMqttPacket();
  const log: unknown = Reflect.get(debug, "log");
  Reflect.set(debug, "log", () => {});
  try {
    return work();
  } finally {
    Reflect.set(debug, "log", log);
  }
}

let found: object | undefined;

/** The very copy of `debug` that mqtt-packet uses: there may be several. */
function debugOfMqttPacket(): object {
  found ??= objectFrom(createRequire(createRequire(import.meta.url).resolve("mqtt-packet"))("debug"));
  return found;
}

function objectFrom(module: unknown): object {
  return typeof module === "function" ? module : {};
}
