import type { Event } from "../../../src/flow/accept.ts";
import type { Candidate, Known } from "../../../src/flow/known.ts";
import type { Intent } from "../../../src/model/journal.ts";
import { carryOut } from "../../faults/judgement/surroundings.ts";
import { tokenOf } from "../../model/tokens.ts";
import { type Act, deviceName, type World } from "./world.ts";

/** What can come of a question to the server. */
export interface Outcome {
  readonly what: string;
  /** What the judgement hears, or what is done before it hears anything. */
  readonly learnt: Event | { readonly queue: readonly Act[] };
  readonly world?: Partial<World>;
  readonly isFault?: boolean;
}

/** The provisioning conversation. */
export function asks(world: World, intent: Intent): readonly Outcome[] {
  const { server, status, token } = carryOut(world.server, questionOf(intent));
  const misled = world.misled + 1;
  const isUnheard = world.isUnheard || status === "SUCCESS";
  const heard = {
    SUCCESS: { queue: [{ act: "write the answer", token }] },
    FAILURE: { event: "failure" },
    NOT_FOUND: { event: "ended", code: "PROVISION_DATA_NOT_FOUND" },
  } as const;
  return [
    { what: `asks; ${status}`, learnt: heard[status], world: { server } },
    ...mishaps(world, intent),
    { what: "asks; a hiccup: FAILURE", learnt: heard.FAILURE, world: { misled }, isFault: true },
    { what: "asks; done, but FAILURE", learnt: heard.FAILURE, world: { server, misled, isUnheard }, isFault: true },
  ];
}

/** The same over REST: a refusal says nothing before it was looked what the server has. */
export function registers(world: World, intent: Intent): readonly Outcome[] {
  const { server, status, token } = carryOut(world.server, questionOf(intent));
  const act: Act = status === "SUCCESS" ? { act: "write the answer", token } : { act: "look the device up" };
  return [
    status === "NOT_FOUND"
      ? keyRefused
      : { what: `makes the device; ${status}`, learnt: { queue: [act] }, world: { server } },
    ...mishaps(world, intent),
  ];
}

/** Nothing believable comes back. */
function mishaps(world: World, intent: Intent): readonly Outcome[] {
  const asked = questionOf(intent);
  const { server, status } = carryOut(world.server, asked);
  const lost = { event: "lost", code: "NO_ANSWER" } as const;
  const isUnheard = world.isUnheard || status === "SUCCESS";
  const late = { ...world.server, late: [...world.server.late, asked] };
  const unreachable = { event: "unreachable", code: "CONNECTION_REFUSED" } as const;
  return [
    { what: "asks; the answer is lost", learnt: lost, world: { server, isUnheard }, isFault: true },
    { what: "asks; the request is lost", learnt: lost, isFault: true },
    { what: "asks; nobody is reached", learnt: unreachable, isFault: true },
    { what: "asks; it will be done later", learnt: lost, world: { server: late, isUnheard }, isFault: true },
  ];
}

/** What the server has under the camera's name: before a login, or after a refusal. */
export function looksUp(world: World, intent: Intent, why: "before a login" | "after a refusal"): readonly Outcome[] {
  const device = world.server.devices.find(({ name }) => name === deviceName);
  const token = tokenOf(intent.credentials);
  const isForLogin = why === "before a login";
  const unanswered = isForLogin ? "probe-unanswered" : "lost";
  if (!world.server.secretIsRight) return [keyRefused];
  return [
    device === undefined
      ? { what: "finds no device", learnt: isForLogin ? { event: "probe-refused" } : unmade }
      : device.token === token
        ? { what: "finds its device", learnt: { queue: [isForLogin ? logIn : { act: "write the answer", token }] } }
        : { what: "finds another's device", learnt: { event: "ended", code: "DEVICE_CONFLICT" } },
    { what: "looks; no answer", learnt: { event: unanswered, code: "NO_ANSWER" }, isFault: true },
  ];
}

/** Over REST it is the API key that is right or not. */
const keyRefused: Outcome = { what: "is refused with its key", learnt: { event: "ended", code: "API_KEY_REFUSED" } };
const logIn: Act = { act: "log in" };
const unmade = { event: "lost", code: "NO_ANSWER" } as const;

export function logsIn(world: World, candidates: readonly Candidate[]): readonly Outcome[] {
  const { devices } = world.server;
  const proved = candidates.find(({ credentials }) => devices.some(({ token }) => token === tokenOf(credentials)));
  const refused = { event: "probe-refused" } as const;
  const truth: Event =
    proved === undefined ? refused : { event: "probe-accepted", proof: { candidate: proved, deviceId: null } };
  const unanswered = { event: "probe-unanswered", code: "NO_ANSWER" } as const;
  const lie: Outcome = {
    ...{ what: "logs in; refused although known", learnt: refused },
    ...{ world: { misled: world.misled + 1 }, isFault: true },
  };
  return [
    { what: `logs in; ${truth.event}`, learnt: truth },
    { what: "logs in; no answer", learnt: unanswered, isFault: true },
    ...(proved === undefined ? [] : [lie]),
  ];
}

/** The intent that the question is about. */
export function intentOf({ journal }: Known): Intent {
  const intent = journal.intents.at(-1);
  if (intent === undefined) throw new Error("nothing is asked without a secret");
  return intent;
}

function questionOf(intent: Intent) {
  return { name: intent.deviceName, token: tokenOf(intent.credentials) };
}
