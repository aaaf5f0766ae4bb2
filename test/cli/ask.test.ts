import { PassThrough } from "node:stream";
import { expect, it } from "vitest";
import { askOn } from "../../src/cli/ask.ts";

/** A terminal on which somebody types; what it shows is in `shown`. */
function terminal(isTTY: boolean) {
  const input = Object.assign(new PassThrough(), { isTTY });
  const output = new PassThrough();
  const signal = new AbortController();
  const ask = (hidden: boolean) => askOn({ input, output }, { question: "Token: ", hidden, signal: signal.signal });
  return { input, ask, signal, shown: () => all(output) };
}

/** Newer versions of Node give one piece at a time. */
function all(stream: PassThrough): string {
  let text = "";
  for (let piece: unknown = stream.read(); piece !== null; piece = stream.read()) text += String(piece);
  return text;
}

it("what is typed after a hidden question is not shown", async () => {
  const { input, ask, shown } = terminal(true);
  const answer = ask(true);
  input.write("aSecretToken\r");
  expect(await answer).toBe("aSecretToken");
  expect(shown()).toBe("Token: \n");
});

it("of what is piped in the first line counts, and no question is asked", async () => {
  const { input, ask, shown } = terminal(false);
  const answer = ask(true);
  input.end("first\nsecond\n");
  expect(await answer).toBe("first");
  expect(shown()).toBe("");
});

it("at the end of the input nothing was said", async () => {
  const { input, ask } = terminal(false);
  const answer = ask(true);
  input.end();
  expect(await answer).toBeUndefined();
});

it("a program that is told to stop does not wait for a person", async () => {
  const { ask, signal } = terminal(true);
  const answer = ask(true);
  signal.abort(new Error("stop"));
  await expect(answer).rejects.toThrow("stop");
});
