import { errorTable } from "../src/model/error-table.ts";
import type { ErrorKind } from "../src/model/errors.ts";
import { setUps } from "../test/stories/broken-set-ups.ts";
import type { SetUp } from "../test/stories/set-up.ts";

const errors: ReadonlyMap<string, ErrorKind> = new Map(Object.entries(errorTable));

/** `docs/set-ups.md`, from the rows that the test plays. */
export function setUpsPage(): string {
  return `<!-- Made from test/stories/broken-set-ups.ts by \`npm run generate\`. Do not edit. -->

# ${Object.keys(setUps).length} set-ups as people make them, and what is said of each

\`npm test\` makes every one of them, has \`check\` look at it and a run try it, does what the words say, and runs again.
"In vain" is how often a run tries once more by itself, and how long it waits in between; 0 where the first look is enough.
"Mended" says whether the next run is a success when somebody has done what is said: yes; not needed, where the run is a
success as it is; or elsewhere, where it takes the server's administrator, the true time, the end of another run, or a word
of the owner's. A disk, a network or a user that no test can have is played by what the system says of it.

| set-up | ends with | in vain | mended | is told | \`check\` finds first |
| --- | --- | --- | --- | --- | --- |
${Object.entries(setUps)
  .map(([name, setUp]) => row([name, ending(setUp), inVain(setUp), mended(setUp), sentence(setUp), setUp.checkSays]))
  .join("\n")}

FOLDER, PORT, NAME, UID and NOW stand for what is another one each time.
`;
}

function codeOf({ says }: SetUp): string | undefined {
  return /^([A-Z_]+): /.exec(says)?.[1];
}

function ending(setUp: SetUp): string {
  const code = codeOf(setUp);
  if (code === undefined) return "0";
  return `${errors.get(code)?.exitStatus}, [${code}](errors.md#${code.toLowerCase()})`;
}

function sentence({ says }: SetUp): string {
  return says.replace(/^[A-Z_]+: /, "");
}

function inVain({ inVain: [retries, seconds] = [0, 0] }: SetUp): string {
  return retries === 0 ? "0" : `${retries}, ${seconds} s`;
}

function mended(setUp: SetUp): string {
  if (setUp.mended !== undefined) return "yes";
  return codeOf(setUp) === undefined ? "not needed" : "elsewhere";
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}
