import { type Deadline, deadline } from "../base/clock.ts";
import { milliseconds } from "../base/duration.ts";
import { accept, type Event } from "../flow/accept.ts";
import { decide, type Step } from "../flow/decide.ts";
import { begin, type Known, type Proof } from "../flow/known.ts";
import { triesInARun } from "../flow/waits.ts";
import { ProvisioningError } from "../model/errors.ts";
import { probe } from "../run/steps/probe.ts";
import { request } from "../run/steps/request.ts";
import { writeIntent } from "../run/steps/write-intent.ts";
import type { Task } from "../run/task.ts";
import { Tries } from "../run/tries.ts";
import type { LoginBudget } from "./pace/login-budget.ts";
import type { Pace } from "./pace/pace.ts";
import { lookUp, type Registry, register } from "./server/register.ts";

/** A camera that is being provisioned on behalf of it: a run's task, and what the cameras of a station share. */
export interface StationTask {
  readonly task: Task;
  readonly label: string | null;
  readonly pace: Pace;
  readonly budget: LoginBudget;
  /** Undefined: the device is made by the provisioning conversation over MQTT. */
  readonly registry: Registry | undefined;
}

/**
 * The provisioning of one camera, by the camera's own judgement. Gives the proved credentials.
 *
 * @throws ProvisioningError why there are none
 */
export async function converse(station: StationTask): Promise<Proof> {
  const { surroundings, credentials, report, journal } = station.task;
  const { intents, received } = await journal.read();
  const last = intents.at(-1);
  // The name that was written down with the secret counts, whatever a later list or prefix says.
  const naming = last === undefined ? credentials.naming : ({ kind: "fixed", name: last.deviceName } as const);
  report.about(last?.attemptId ?? station.task.attemptId, last?.deviceName ?? "");
  const task = { ...station.task, credentials: { ...credentials, naming } };
  using whole = deadline(surroundings.clock, milliseconds(credentials.timeout * triesInARun), surroundings.signal);
  using tries = new Tries(task, whole.signal);
  let known = begin({
    naming,
    journal: { intents, received },
    configured: undefined,
    configuredHere: false,
    inAdvance: undefined,
    newIdentity: false,
  });
  for (;;) {
    surroundings.signal.throwIfAborted();
    const step = decide(known);
    switch (step.do) {
      case "write-intent":
        known = accept(known, await writeIntent(task, step, known));
        break;
      case "look-again":
        // A station's cameras have no configuration yet.
        known = accept(known, { event: "looked-again", configured: undefined, configuredHere: false });
        break;
      case "request":
        await station.pace.open(whole.signal);
        known = accept(known, await ask({ ...station, task }, step, known, tries));
        break;
      case "probe":
        known = accept(known, await prove({ ...station, task }, step, known, tries));
        tries.end();
        break;
      case "wait":
        known = accept(known, await pause(task, step, whole));
        break;
      case "commit":
        return step.proof;
      case "stop":
        throw report.lastErrorFor(step.code);
      case "recognise":
      case "keep":
      case "finish":
        throw new ProvisioningError(
          "INTERNAL",
          "a camera of a station has one journal, and no configuration that could be kept",
        );
    }
  }
}

async function pause({ surroundings }: Task, step: Extract<Step, { do: "wait" }>, whole: Deadline): Promise<Event> {
  if (whole.remaining() <= step.for) return { event: "out-of-time" };
  await surroundings.clock.sleep(step.for, surroundings.signal);
  return { event: "waited" };
}

async function ask(
  { task, label, registry, pace }: StationTask,
  step: Extract<Step, { do: "request" }>,
  { journal }: Known,
  tries: Tries,
): Promise<Event> {
  const present = tries.begin();
  const event =
    registry === undefined
      ? await request(task, step, present, journal)
      : await register(registry, task, step.intent, label, journal, present);
  return heeding(pace, event);
}

async function prove(
  { task, registry, pace, budget }: StationTask,
  { candidates }: Extract<Step, { do: "probe" }>,
  { journal, run }: Known,
  tries: Tries,
): Promise<Event> {
  const { signal } = task.surroundings;
  const intent = journal.intents.at(-1);
  if (registry !== undefined && intent !== undefined && !run.granted) {
    const found = await lookUp(registry, task, intent, tries.present());
    if (found !== undefined) return heeding(pace, found);
  }
  const event = await budget.spend(signal, () => probe(task, candidates, tries.present()), outcomeOf);
  return heeding(pace, event);
}

function outcomeOf({ event }: Event): "accepted" | "refused" | "unknown" {
  if (event === "probe-accepted") return "accepted";
  return event === "probe-refused" ? "refused" : "unknown";
}

/** CONNACK 3 is how ThingsBoard says over MQTT that it is asked too often. */
function heeding(pace: Pace, event: Event): Event {
  if ("code" in event && event.code === "SESSION_REFUSED") pace.slowDown(undefined);
  return event;
}
