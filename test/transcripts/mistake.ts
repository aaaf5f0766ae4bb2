/** What the person at the command line got wrong, in words for them. */
export class Mistake extends Error {
  override readonly name = "Mistake";
}

/** Runs a script; a mistake is told without the stack, which would lead into our own files. */
export async function tellingMistakes(script: () => Promise<void>): Promise<void> {
  try {
    await script();
  } catch (error) {
    if (!(error instanceof Mistake)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode ??= 1;
  }
}
