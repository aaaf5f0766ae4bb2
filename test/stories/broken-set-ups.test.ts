import { describe, expect, it } from "vitest";
import { outcomeForPeople } from "../../src/cli/provision/outcome-for-people.ts";
import { stylesFor } from "../../src/cli/text/styles.ts";
import { check, type Outcome } from "../../src/index.ts";
import { ordinarySystem } from "../check/ordinary-system.ts";
import { jargon } from "../repository/jargon.ts";
import { setUps } from "./broken-set-ups.ts";
import type { Camera } from "./camera.ts";
import { hurried } from "./hurried-clock.ts";
import type { Meeting, SetUp, Until } from "./set-up.ts";

const screen = { width: 80, styles: stylesFor({ colours: false }) };
/** A terminal of 24 lines has one left for the next command. */
const height = 23;

/** What is thrown away with a test. */
class Things implements AsyncDisposable {
  readonly #things: (AsyncDisposable | Disposable)[] = [];
  readonly until: Until = (thing) => void this.#things.push(thing);

  async [Symbol.asyncDispose](): Promise<void> {
    for (const thing of this.#things) {
      if (Symbol.asyncDispose in thing) await thing[Symbol.asyncDispose]();
      else thing[Symbol.dispose]();
    }
  }
}

/** Without what is another one each time. */
function lasting(text: string, { directory, simulator }: Camera): string {
  return text
    .replaceAll(directory, "FOLDER")
    .replaceAll(`${simulator.port}`, "PORT")
    .replaceAll(/(?<=localhost:|127\.0\.0\.1:|server_port )\d{4,5}\b/g, "PORT")
    .replaceAll(/\buser \d+\b/g, "user UID")
    .replaceAll(/\bthis user \(\d+\)/g, "this user (UID)")
    .replaceAll(/clock \(.*? UTC\)/g, "clock (NOW)")
    .replaceAll(/thermal-camera-[A-Z0-9]{6}/g, "NAME");
}

/** The code and the first sentence of an end; of a list of mistakes the first one. */
function firstSentence(outcome: Outcome): string {
  if (outcome.result !== "failed") return outcomeForPeople(outcome, screen, { waited: false })[1] ?? "";
  const [first = "", second = ""] = outcome.error.message.split("\n");
  return `${outcome.error.errorCode}: ${first}${first.endsWith(":") ? second.replace(/^ +/, " ") : ""}`;
}

/** The first line of `check` that is not as it should be. */
async function firstFinding(camera: Camera, { directory = camera.directory, ...meeting }: Meeting, askServer: boolean) {
  const { mayWrite = ordinarySystem.mayWrite, ...met } = meeting;
  const system = { ...ordinarySystem, mayWrite };
  // A step of check has ten seconds: on a busy machine a fiftieth of that is too little.
  const clock = hurried(10);
  const { lines } = await check({ directory, system, askServer, surroundings: { clock, ...met } });
  const wrong = lines.filter(({ state, code }) => state === "failed" || (state === "warning" && code !== "PLAIN_TEXT"));
  const line = wrong.find(({ state }) => state === "failed") ?? wrong[0];
  return line === undefined ? "" : `${line.group}: ${line.name}: ${line.code ?? line.found}`;
}

async function played({ camera: start, broken, meets, mended, asks = false }: SetUp) {
  await using camera = await start();
  await using things = new Things();
  await broken?.(camera, things.until);
  const meeting = (await meets?.(camera, things.until)) ?? {};
  const finding = await firstFinding(camera, meeting, asks);
  const { mayWrite: _, ...options } = meeting;
  camera.retries.length = 0;
  const outcome = await camera.run(options);
  const inVain = [camera.retries.length, Math.round(camera.retries.reduce((sum, { wait }) => sum + wait / 1000, 0))];
  await mended?.(camera, things.until);
  const afterwards = mended === undefined ? undefined : await camera.run();
  return {
    outcome,
    inVain,
    says: lasting(firstSentence(outcome), camera),
    checkSays: lasting(finding, camera),
    afterwards,
  };
}

describe("a set-up as people make it is told by its cause, in a run and by check, and mended by what is said", () => {
  it.each(Object.entries(setUps))("%s", async (_title, setUp) => {
    const { outcome, inVain, says, checkSays, afterwards } = await played(setUp);
    const { inVain: expected = [0, 0] } = setUp;
    expect({ says, checkSays, inVain }).toEqual({ says: setUp.says, checkSays: setUp.checkSays, inVain: expected });
    if (setUp.mended !== undefined) expect(afterwards?.result).toMatch(/provisioned$/);
    // The system's own word for it stands behind, in brackets, for those who look it up.
    expect(says.replace(/^[A-Z_]+: /, "").replace(/ \([A-Z][A-Z0-9_]+\)/, "")).not.toMatch(jargon);
    // What is most important stands at the end, on what a small terminal shows.
    const lines = outcomeForPeople(outcome, screen, { waited: false });
    const verdict = lines.findIndex((line) => /^(PASS|NOTE|FAIL|STOPPED)\b/.test(line));
    expect(lines.length - verdict).toBeLessThanOrEqual(height);
    expect(lines.filter((line) => line.length > screen.width)).toEqual([]);
  });
});
