import { nearestName } from "../../base/nearest-name.ts";
import { didYouMean, type Option, UsageError } from "./command.ts";

/** An option without a value. */
export function flag(flags: string, help: string): Option<boolean> {
  return { flags, help, read: (given) => given.length > 0 };
}

export function text(flags: string, help: string): Option<string | undefined>;
export function text(flags: string, help: string, absent: string): Option<string>;
export function text(flags: string, help: string, absent?: string): Option<string | undefined> {
  return {
    flags,
    help,
    read: ([value]) => {
      if (value === "") throw new UsageError(`${flags}: found an empty text`);
      return value ?? absent;
    },
  };
}

export function texts(flags: string, help: string): Option<readonly string[]> {
  return { flags, help, repeated: true, read: (given) => given };
}

/** One of a few words; `absent` where the option is not given. */
export function choice<const Word extends string, Absent extends Word | undefined>(
  flags: string,
  help: string,
  choices: readonly Word[],
  absent: Absent,
): Option<Word | Absent> {
  return {
    flags,
    help,
    choices,
    read: ([value]) => {
      if (value === undefined) return absent;
      const found = choices.find((word) => word === value);
      if (found === undefined) {
        const meant = didYouMean(nearestName(value, choices));
        throw new UsageError(`${flags}: found ${JSON.stringify(value)}, expected one of ${choices.join(", ")}${meant}`);
      }
      return found;
    },
  };
}

/** A number in plain digits, a fraction allowed where `whole` is false. */
export function number<Absent extends number | undefined>(
  flags: string,
  help: string,
  { least, most, whole, absent }: { least: number; most: number; whole: boolean; absent: Absent },
): Option<number | Absent> {
  const expected = `expected a ${whole ? "whole " : ""}number, ${least} to ${most}`;
  return {
    flags,
    help,
    read: ([value]) => {
      if (value === undefined) return absent;
      const meant = Number(value);
      const plain = whole ? /^\d+$/ : /^\d+(\.\d+)?$/;
      if (!plain.test(value) || meant < least || meant > most) {
        throw new UsageError(`${flags}: found ${JSON.stringify(value)}, ${expected}`);
      }
      return meant;
    },
  };
}

/** The options that several commands have. */
export const directory = text("-d, --directory <folder>", "the folder of the camera's files (default: this one)", ".");
export const json = flag("--json", "one JSON object per line, also on a terminal");
