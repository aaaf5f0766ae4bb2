import type { Io } from "./io.ts";

/**
 * The only file that touches the process. Modules are loaded by main(), so that what stands here comes first.
 */

// Libraries print packets, passwords included, when these say so.
delete process.env["DEBUG"];
delete process.env["NODE_DEBUG"];
// Nothing that this program creates is for others; the status file, which is, gets its mode explicitly.
process.umask(0o077);

/** How long, in milliseconds, a stopped process may take to drain. */
const patience = 500;

/** The exit status of a mistake in this program. */
const internal = 70;

const told = new AbortController();
let toldBy: NodeJS.Signals | undefined;

main().then(end, (error: unknown) => unexpected(error).finally(() => end(internal)));

async function main(): Promise<number> {
  process.on("uncaughtException", (error) => {
    void unexpected(error).finally(() => end(internal));
  });
  // A reader that went away (`| head`) must not end a provisioning.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});
  // Without a listener Node opens its inspector, and with it everything in memory, on this signal.
  process.on("SIGUSR1", () => {});
  const { ProvisioningError } = await import("../model/errors.ts");
  const stop = { SIGINT: "INTERRUPTED", SIGTERM: "TERMINATED", SIGHUP: "TERMINATED" } as const;
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    // Once: a second signal of the kind ends the process as if nobody listened.
    process.once(signal, () => {
      toldBy = signal;
      told.abort(
        new ProvisioningError(stop[signal], `stopped by ${signal}; the next run goes on where this one stopped`),
      );
    });
  }
  const { runProgram } = await import("./program.ts");
  return runProgram(process.argv.slice(2), await ioOfProcess());
}

async function ioOfProcess(): Promise<Io> {
  const { systemClock } = await import("../base/clock.ts");
  const { dirname } = await import("node:path");
  const { env, stdout, stderr } = process;
  return {
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
    isTerminal: stdout.isTTY === true,
    colours: wantsColours(),
    columns: stdout.columns || Number.parseInt(env["COLUMNS"] ?? "", 10) || 80,
    environment: env,
    signal: told.signal,
    clock: systemClock,
    self: [process.execPath, process.argv[1] ?? ""],
    // Of this very file as it is shipped, dist/cli/thermal-provision.cjs, through whatever link it was started.
    packageFolder: dirname(dirname(__dirname)),
  };
}

/** https://no-color.org and its opposite; a terminal that is dumb has none. */
function wantsColours(): boolean {
  const { env, stdout } = process;
  if (env["NO_COLOR"]) return false;
  const { FORCE_COLOR: forced } = env;
  if (forced !== undefined) return forced !== "0" && forced !== "false";
  return stdout.isTTY === true && env["TERM"] !== "dumb";
}

async function unexpected(error: unknown): Promise<void> {
  const { describeUnexpected } = await import("./unexpected.ts");
  process.stderr.write(describeUnexpected(error));
}

/** Says how it ended and lets Node drain. */
function end(exitStatus: number): void {
  // A mistake in the program is not outdone by what it did besides.
  if (process.exitCode !== internal) process.exitCode = exitStatus;
  const signal = toldBy;
  if (signal === undefined) return;
  // A look-up that waits for a name server holds the process for up to half a minute: getaddrinfo cannot be stopped,
  // and even process.exit() waits for it. Nobody listens to the signal any more, so this time it ends the process.
  setTimeout(() => process.kill(process.pid, signal), patience).unref();
}
