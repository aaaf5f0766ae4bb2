import { byId } from "./elements.ts";

const status = byId("status", HTMLParagraphElement);

type Method = "POST" | "PUT" | "DELETE";

/** Asks the simulator to do something, and says what became of it. */
export function ask(done: string, method: Method, path: string, body?: unknown): void {
  send(method, path, body).then(
    (problem) => say(problem ?? done, problem === undefined),
    () => say("The simulator does not answer.", false),
  );
}

/** Why it was refused; undefined when it was done. */
async function send(method: Method, path: string, body: unknown): Promise<string | undefined> {
  const response = await fetch(`/simulator/${path}`, {
    method,
    headers: { "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return response.ok ? undefined : reasonIn(await response.json());
}

function say(text: string, good: boolean): void {
  status.textContent = text;
  status.className = good ? "good" : "bad";
}

function reasonIn(answer: { readonly message?: string; readonly problems?: readonly string[] }): string {
  return answer.problems?.join("\n") ?? answer.message ?? "The simulator refused.";
}
