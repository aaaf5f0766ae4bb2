import { parseArgs } from "node:util";
import { nearestName } from "../../base/nearest-name.ts";
import { Arguments, type Command, didYouMean, longName, type Option, UsageError } from "./command.ts";

/** What every command has besides its own options. */
export const helpOption = { flags: "-h, --help", help: "this text" };
export const versionOption = { flags: "-V, --version", help: "the version of the program" };

type Flags = Pick<Option<unknown>, "flags">;

/**
 * What stands behind the name of a command, on the command line of a user. Who asks for the help or the version gets
 * it, whatever else is wrong. Throws UsageError.
 */
export function readCommandLine(command: Command, parameters: readonly string[]): "help" | "version" | Arguments {
  const tokens = tokensOf(command, parameters);
  const asked = new Set(tokens.flatMap((token) => (token.kind === "option" ? [token.name] : [])));
  if (asked.has("help")) return "help";
  if (asked.has("version")) return "version";
  const given = givenIn(tokens, command);
  const operands = tokens.flatMap((token) => (token.kind === "positional" ? [token.value] : []));
  requireOperands(command, operands);
  const args = new Arguments(given, operands);
  // All of them, before the command does anything: a mistake in the last one is found as early as one in the first.
  for (const option of command.options) {
    const count = given.get(longName(option))?.length ?? 0;
    if (count > 1 && option.repeated !== true) throw new UsageError(`${longName(option)} was given ${count} times`);
    args.of(option);
  }
  return args;
}

/** The texts of each option, by its long name. */
function givenIn(tokens: Tokens, { options }: Command): ReadonlyMap<string, readonly string[]> {
  const given = new Map<string, readonly string[]>();
  for (const token of tokens) {
    if (token.kind !== "option") continue;
    const option = options.find((each) => longName(each) === `--${token.name}`);
    if (option === undefined) throw new UsageError(unknownOption(token.rawName, options));
    const name = longName(option);
    given.set(name, takesValue(option) ? [...(given.get(name) ?? []), requiredValue(option, token.value)] : ["true"]);
    if (!takesValue(option) && token.value !== undefined) throw new UsageError(`${name} takes no value`);
  }
  return given;
}

type Tokens = ReturnType<typeof tokensOf>;

/** Not strict: what Node would say of a mistake names neither the nearest option nor the help. */
function tokensOf({ options }: Command, parameters: readonly string[]) {
  const parsed = [helpOption, versionOption, ...options].map((option) => [
    longName(option).slice("--".length),
    { type: takesValue(option) ? ("string" as const) : ("boolean" as const), ...shortOf(option) },
  ]);
  return parseArgs({
    args: [...parameters],
    options: Object.fromEntries(parsed),
    strict: false,
    allowPositionals: true,
    tokens: true,
  }).tokens;
}

/** `p` of `-p, --port <number>`. */
function shortOf({ flags }: Flags): { readonly short?: string } {
  const [, short] = /^-(\w),/.exec(flags) ?? [];
  return short === undefined ? {} : { short };
}

function takesValue({ flags }: Flags): boolean {
  return flags.includes("<");
}

function requiredValue({ flags }: Flags, value: string | undefined): string {
  if (value === undefined) throw new UsageError(`option '${flags}' argument missing`);
  return value;
}

/** That nothing is called `name` among `options`, and what was probably meant. */
export function unknownOption(name: string, options: readonly Flags[]): string {
  const nearest = name.startsWith("--") ? nearestName(name, options.map(longName)) : undefined;
  return `unknown option '${name}'${didYouMean(nearest)}`;
}

function requireOperands({ name, operand }: Command, given: readonly string[]): void {
  if (operand?.repeated === true) return;
  const most = operand === undefined ? 0 : 1;
  if (given.length > most) {
    const expected = most === 1 ? "1 argument" : "no argument";
    throw new UsageError(`too many arguments for '${name}': expected ${expected}, found ${given.length}`);
  }
}
