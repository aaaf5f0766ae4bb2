import { systemClock } from "../../base/clock.ts";
import { isJournalStream } from "../../files/disk/journal-stream.ts";
import { kernelRandomness } from "../../files/disk/kernel-randomness.ts";
import { mayBeTerminal, writeOutput } from "../../files/disk/standard-output.ts";
import { atRest } from "../../run/at-rest.ts";
import { closeInspector } from "../inspector.ts";
import { openingOption, talkativeVariable } from "../node-settings.ts";
import { journalLines } from "./journal-lines.ts";
import { jsonLines } from "./json-lines.ts";

/** What a command line asks of a run that has nothing to do. */
interface Plain {
  readonly directory: string;
  readonly isJson: boolean;
  readonly noBody: boolean;
}

/**
 * Tells that nothing is to be done, in the words of `provision`, where that is so, and there is nothing special about how
 * the program was started. False, and nothing told, in every other case: then it is for the whole program.
 */
export function toldRest(parameters: readonly string[]): boolean {
  const plain = plainIn(parameters);
  if (plain === undefined || isWatched()) return false;
  // Without a listener Node opens its inspector, and with it everything in memory, on this signal.
  process.on("SIGUSR1", () => {});
  closeInspector();
  const text = textOf(plain);
  if (text === undefined) return false;
  // A signal that came before may have opened it meanwhile.
  closeInspector();
  const left = writeOutput(text);
  if (left.byteLength > 0) process.stdout.on("error", () => {}).write(left);
  return true;
}

/** Undefined: there is a parameter that only the whole program understands. */
function plainIn([command, ...parameters]: readonly string[]): Plain | undefined {
  if (command !== "provision") return undefined;
  const given = new Map<string, string>();
  for (let at = 0; at < parameters.length; at++) {
    const name = parameters[at] === "-d" ? "--directory" : (parameters[at] ?? "");
    const isFlag = ["--json", "--wait", "--no-body", "--strict-files"].includes(name);
    const value = isFlag ? "true" : (parameters[++at] ?? "");
    // Of the log, too, only what has nothing to say here.
    const isValue = name === "--directory" || (name === "--log-level" && ["silent", "error", "warn"].includes(value));
    if (!(isFlag || isValue) || given.has(name) || /^(-|$)/.test(value)) return undefined;
    given.set(name, value);
  }
  return { directory: given.get("--directory") ?? ".", isJson: given.has("--json"), noBody: given.has("--no-body") };
}

/** Whether Node was told to show what others must not see: the whole program says what is wrong with that. */
function isWatched(): boolean {
  return talkativeVariable() !== undefined || openingOption() !== undefined;
}

/** All that is printed; undefined where people read it, something is to be done, or somebody is to be warned. */
function textOf({ directory, isJson, noBody }: Plain): string | undefined {
  if (!isJson && mayBeTerminal()) return undefined;
  let text = "";
  const out = (line: string) => {
    text += line;
  };
  const isJournal = !isJson && isJournalStream(process.env["JOURNAL_STREAM"]);
  const printer = isJournal ? journalLines({ out, clock: systemClock }) : jsonLines({ out });
  const outcome = atRest({ directory, noBody, randomness: kernelRandomness, onStatus: (each) => printer.status(each) });
  if (outcome === undefined || outcome.warnings.length > 0) return undefined;
  printer.outcome(outcome);
  return text;
}
