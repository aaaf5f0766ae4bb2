import "./before-all.ts";
import { dirname } from "node:path";
import { systemClock } from "../base/clock.ts";
import { isJournalStream } from "../files/disk/journal-stream.ts";
import { ProvisioningError } from "../model/errors.ts";
import { askOn } from "./ask.ts";
import { closeInspector } from "./inspector.ts";
import type { Io } from "./io.ts";
import { openingOption, talkativeVariable } from "./node-settings.ts";
import { runProgram } from "./program.ts";
import { describeUnexpected, describeUnreadable } from "./unexpected.ts";

/** The only file that touches the process, apart from `launch.ts`, which starts it, and what that and this file ask first. */

/** How long, in milliseconds, a process that has said how it ended may take to drain. */
const patience = 500;

const stops = { SIGINT: "INTERRUPTED", SIGTERM: "TERMINATED", SIGHUP: "TERMINATED" } as const;
const stopSignals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** The exit status of a mistake in this program, of one in the way it was called, and of a disk that fails. */
const internal = 70;
const usage = 64;
const ioError = 74;

const told = new AbortController();
let toldBy: NodeJS.Signals | undefined;

main().then(end, (error: unknown) => end(failed(error)));

async function main(): Promise<number> {
  const talkative = talkativeVariable();
  if (talkative !== undefined) {
    process.stderr.write(
      `error: ${talkative} is set, and makes Node.js print what is sent and received, access tokens included.\n` +
        `Run this without it: env -u ${talkative} thermal-provision ...\n`,
    );
    return usage;
  }
  const opening = openingOption();
  if (opening !== undefined) {
    process.stderr.write(
      `error: ${opening} is set for Node.js, and lets others read the secrets in its memory or on the way.\n` +
        `Run this without it: env -u NODE_OPTIONS thermal-provision ...\n`,
    );
    return usage;
  }
  process.on("uncaughtException", (error) => {
    // What main() is about goes on to its end, which is no good one any more.
    process.exitCode = internal;
    unexpected(error);
  });
  // A reader that went away (`| head`) must not end a provisioning.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});
  // Without a listener Node opens its inspector, and with it everything in memory, on this signal.
  process.on("SIGUSR1", () => {});
  for (const signal of stopSignals) {
    // Once: a second signal of the kind ends the process as if nobody listened.
    process.once(signal, () => {
      toldBy = signal;
      told.abort(
        new ProvisioningError(stops[signal], `stopped by ${signal}; the next run goes on where this one stopped`),
      );
    });
  }
  await closeOpenedInspector();
  return runProgram(process.argv.slice(2), ioOfProcess());
}

/**
 * A signal that came before anybody listened has opened Node's inspector, or is about to: Node passes it on in two ways,
 * once in the middle of what is run, and once more in the next turn of the loop. A thread of Node's own does that, and may
 * be late, so it is looked after for a while.
 */
async function closeOpenedInspector(): Promise<void> {
  closeInspector();
  await new Promise((resolve) => setImmediate(resolve));
  closeInspector();
  const watch = setInterval(closeInspector, 50).unref();
  setTimeout(() => clearInterval(watch), 2000).unref();
}

function ioOfProcess(): Io {
  const { env, stdout, stderr } = process;
  return {
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
    isTerminal: stdout.isTTY === true,
    isJournal: isJournalStream(env["JOURNAL_STREAM"]),
    colours: wantsColours(),
    columns: stdout.columns || Number.parseInt(env["COLUMNS"] ?? "", 10) || 80,
    environment: env,
    signal: told.signal,
    clock: systemClock,
    ask: (question, hidden) =>
      askOn({ input: process.stdin, output: stderr }, { question, hidden: hidden === "hidden", signal: told.signal }),
    self: self(),
    // Of this very file as it is shipped, dist/cli/main.cjs, through whatever link it was started.
    packageFolder: dirname(dirname(__dirname)),
  };
}

/** A single executable is told in the place of a file's path what it was started as. */
function self(): Io["self"] {
  const { execPath, argv, argv0 } = process;
  return argv[1] === undefined || argv[1] === argv0 ? [execPath] : [execPath, argv[1]];
}

/** https://no-color.org and its opposite; a terminal that is dumb has none. */
function wantsColours(): boolean {
  const { env, stdout } = process;
  if (env["NO_COLOR"]) return false;
  const { FORCE_COLOR: forced } = env;
  if (forced !== undefined) return forced !== "0" && forced !== "false";
  return stdout.isTTY === true && env["TERM"] !== "dumb";
}

/** Says why main() came to no end of its own. */
function failed(error: unknown): number {
  const text = describeUnreadable(error);
  if (text === undefined) {
    unexpected(error);
    return internal;
  }
  process.stderr.write(text);
  return ioError;
}

function unexpected(error: unknown): void {
  process.stderr.write(describeUnexpected(error));
}

/** Says how it ended and lets Node drain, but not for long: everybody who waits for the end has been told of it. */
function end(exitStatus: number): void {
  // A mistake in the program is not outdone by what it did besides.
  if (process.exitCode !== internal) process.exitCode = exitStatus;
  // From here on a signal ends the process as if nobody listened.
  for (const signal of stopSignals) process.removeAllListeners(signal);
  const signal = toldBy;
  if (signal !== undefined) {
    // A look-up that waits for a name server holds the process for up to half a minute: getaddrinfo cannot be stopped,
    // and even process.exit() waits for it. The signal does not.
    setTimeout(() => process.kill(process.pid, signal), patience).unref();
    return;
  }
  const { stdout, stderr } = process;
  // What was printed comes out first, however slowly it is read.
  stdout.write("", () => stderr.write("", () => setTimeout(leave, patience).unref()));
}

/** The last resort against whatever still holds the process. */
function leave(): void {
  const { exitCode } = process;
  // Again: process.exit() waits for a look-up. A program in the place of this one does not, and can say the same.
  if ("execve" in process && typeof process.execve === "function") {
    const parameters = [process.execPath, "-e", `process.exit(${exitCode})`];
    Reflect.apply(process.execve, process, [process.execPath, parameters, {}]);
  }
  process.exit();
}
