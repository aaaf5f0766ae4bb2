import type { ExitStatus } from "../../model/exit-statuses.ts";
import type { Io } from "../io.ts";

export type { ExitStatus };

/** A command as data: parsing, help and README come from the same declaration. */
export interface Command {
  readonly name: string;
  readonly summary: string;
  /** What else `--help` says, below the options. */
  readonly details?: string;
  /** What may stand behind the command without a name. */
  readonly operand?: { readonly name: string; readonly help: string; readonly repeated?: boolean };
  readonly options: readonly Option<unknown>[];
  /** 1 is the answer no of a command that is a question. */
  run(args: Arguments, io: Io): Promise<ExitStatus | 1>;
  /** Instead of `run`: the command has commands of its own and reads its parameters itself. */
  takeOver?(parameters: readonly string[], io: Io): Promise<ExitStatus | 1>;
}

/** An option, and how its value is read from the text on the command line. */
export interface Option<Value> {
  /** `--port <number>`; without `<…>` it takes no value. */
  readonly flags: string;
  readonly help: string;
  /** May be given again and again. */
  readonly repeated?: boolean;
  readonly choices?: readonly string[];
  /** From every text that was given, in order; none when the option is absent. Throws UsageError. */
  readonly read: (given: readonly string[]) => Value;
}

/** The command line was used in a way that has no meaning; the message says what would have one. */
export class UsageError extends Error {
  override readonly name = "UsageError";

  /** Also of one from another bundle, whose class is another. */
  static is(error: unknown): error is UsageError {
    return error instanceof Error && error.name === "UsageError";
  }
}

/** For the end of a message: what was probably meant. */
export function didYouMean(nearest: string | undefined): string {
  return nearest === undefined ? "" : `\n(Did you mean ${nearest}?)`;
}

/** What was given to a command. */
export class Arguments {
  /** All that stands behind the command without a name. */
  readonly operands: readonly string[];
  readonly #given: ReadonlyMap<string, readonly string[]>;

  /** `given` is by the long name of the option: `--port`. */
  constructor(given: ReadonlyMap<string, readonly string[]>, operands: readonly string[] = []) {
    this.#given = given;
    this.operands = operands;
  }

  get operand(): string | undefined {
    return this.operands[0];
  }

  of<Value>(option: Option<Value>): Value {
    return option.read(this.#given.get(longName(option)) ?? []);
  }
}

/** `--port` of `-p, --port <number>`. */
export function longName({ flags }: Pick<Option<unknown>, "flags">): string {
  return /--[a-z-]+/.exec(flags)?.[0] ?? flags;
}
