/** What one thing of a row is called, and how it is shown: it rejects with what is wrong. */
export interface Check {
  readonly name: string;
  readonly run: () => Promise<void>;
}

/** One line of the table of `npm run test:deployment`, in a process, a network and a mount namespace of its own. */
export interface Row {
  /** In lower case, as a word on the command line: `boot-debian-13`. */
  readonly name: string;
  readonly title: string;
  /** Why it cannot be done on this machine; undefined when it can. */
  readonly missing: () => string | undefined;
  /** Made while there is still a network. */
  readonly prepare: () => Promise<void>;
  /** In order; a later one may go on from where an earlier one ended. */
  readonly checks: () => readonly Check[];
  /** Afterwards, whatever happened. */
  readonly end?: () => Promise<void>;
}

/** What a row's process hands to the one that prints the table. */
export interface Result {
  readonly passed: number;
  readonly failed: number;
  /** Figures that are worth a line below the table. */
  readonly notes: readonly string[];
}

const notes: string[] = [];

/** Puts a figure below the table. */
export function note(text: string): void {
  notes.push(text);
}

/** Carries a row out; after a failure the rest goes on, since most checks stand alone. */
export async function carryOut(row: Row): Promise<Result> {
  let passed = 0;
  let failed = 0;
  try {
    for (const { name, run } of row.checks()) {
      const begun = performance.now();
      try {
        await run();
        passed++;
        say(`ok      ${row.name}: ${name} (${((performance.now() - begun) / 1000).toFixed(1)} s)`);
      } catch (error) {
        failed++;
        say(`FAILED  ${row.name}: ${name}\n${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      }
    }
  } finally {
    await row.end?.();
  }
  return { passed, failed, notes };
}

/** Standard output is the result's. */
function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
