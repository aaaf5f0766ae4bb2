import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { Writable } from "node:stream";

interface Console {
  readonly input: Readable & { readonly isTTY?: boolean };
  readonly output: Writable & { readonly isTTY?: boolean };
}

interface Question {
  readonly question: string;
  readonly hidden: boolean;
  readonly signal: AbortSignal;
}

/** One line from `input`; undefined at its end. Rejects with the signal's reason. */
export function askOn({ input, output }: Console, { question, hidden, signal }: Question): Promise<string | undefined> {
  const isTyped = input.isTTY === true;
  // What readline echoes goes nowhere.
  const echo = new Writable({ write: (_chunk, _encoding, done) => done() });
  if (isTyped) output.write(question);
  const lines = createInterface({ input, output: isTyped && !hidden ? output : echo, terminal: isTyped });
  return new Promise((resolve, reject) => {
    let done = false;
    const settle = (tell: () => void) => {
      if (done) return;
      done = true;
      signal.removeEventListener("abort", stop);
      lines.close();
      input.pause();
      tell();
    };
    const stop = () => settle(() => reject(signal.reason));
    const answer = (line: string | undefined) => {
      if (isTyped && hidden && !done) output.write("\n");
      settle(() => resolve(line));
    };
    signal.addEventListener("abort", stop);
    lines.once("line", answer);
    lines.once("close", () => answer(undefined));
    // A terminal in raw mode sends no signal by itself.
    lines.once("SIGINT", () => answer(undefined));
  });
}
