import type { Run, Violation } from "../harness/invariants.ts";
import { inLanes } from "../harness/lanes.ts";
import { type Case, type Result, resultOf } from "../harness/method.ts";
import { Reach } from "../harness/strace/reach.ts";
import { changesSomething, disturbing, isOfTheStatus } from "../harness/strace/trace.ts";
import { type Setting, Trial } from "../harness/trial.ts";
import { callsOfAGoodRun, inWords } from "../kill/kill.ts";

/** What a signal may end a start with; 0 when it was done already. */
const statuses = { SIGTERM: [143, 0], SIGINT: [130, 0], SIGHUP: [143, 0], SIGPIPE: [0] } as const;
const signals = ["SIGTERM", "SIGINT", "SIGHUP", "SIGPIPE"] as const;

/** Sends each start one signal, at each call that matters; and closes or fills what it prints to (method 2). */
export async function signalEverywhere(setting: Setting = {}): Promise<Result> {
  const calls = (await callsOfAGoodRun(setting)).filter((call) => changesSomething(call) && !isOfTheStatus(call));
  using reach = new Reach();
  const told = await inLanes(calls, async (call, lane): Promise<Case> => {
    const signal = signals[calls.indexOf(call) % signals.length] ?? "SIGTERM";
    await using trial = await Trial.begin(setting);
    const wrapper = disturbing(call, String(call.nth), `signal=${signal}`, reach.log(lane));
    const { run } = await trial.start({ wrapper });
    reach.countByLog(lane, `--- ${signal} `);
    await trial.recover();
    const what = `${signal} at ${inWords(call, trial.directory)}`;
    return { what, violations: [...surprising(run, statuses[signal]), ...trial.violations] };
  });
  const unheard = await inLanes(outputs, async ({ what, redirection }): Promise<Case> => {
    await using trial = await Trial.begin(setting);
    const { run } = await trial.start({ wrapper: ["sh", "-c", `exec "$@" ${redirection}`, "sh"] });
    await trial.recover();
    return { what, violations: [...surprising(run, [0]), ...trial.violations] };
  });
  return resultOf([...told, ...unheard], reach.notes());
}

/** Whether anybody can read what is said is no reason to stop. */
const outputs = [
  { what: "nothing can be read", redirection: "0<&-" },
  { what: "nothing can be printed", redirection: ">&-" },
  { what: "input, output and errors are closed", redirection: "0<&- >&- 2>&-" },
  { what: "what is printed goes to a full disk", redirection: ">/dev/full 2>/dev/full" },
] as const;

function surprising({ exitStatus, output }: Run, expected: readonly number[]): readonly Violation[] {
  // One that has told how it ended is ended by a signal as if nobody listened.
  const hasTold = output.includes('"type":"outcome"');
  if (exitStatus === null ? hasTold : expected.includes(exitStatus)) return [];
  const last = output.trim().split("\n").at(-1)?.slice(0, 300);
  return [{ invariant: "I22", what: `it ended with ${exitStatus}, and not with ${expected.join(" or ")}: ${last}` }];
}
