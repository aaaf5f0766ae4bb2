import { type Judgement, type Rules, realJudgement } from "./moves.ts";
import { fixed, generated, type Server, type World } from "./world.ts";

const emptyServer: Server = { devices: [], late: [], secretIsRight: true, strategy: "allow-create", claimed: false };

const rules: Rules = { judgement: realJudgement, naming: generated, runs: 1, disk: "as designed" };
/** As in the runs of `--wait` after the first: they end where nobody answers. */
const laterJudgement: Judgement = {
  ...realJudgement,
  decide: (known) => realJudgement.decide({ ...known, isLaterRound: true }),
};
const registered = { name: "thermal-camera-FIXED0", token: "the server's", ours: true };
const others = [1, 2, 3].map((number) => ({
  name: `thermal-camera-NAME0${number}`,
  token: `another's ${number}`,
  ours: false,
}));
const former = { name: "thermal-camera-OLD000", token: "former", ours: true };

/** A beginning, and the rules by which it goes on. */
export interface Setting {
  readonly name: string;
  readonly world: (faults: number) => World;
  readonly rules: Rules;
  /** How many faults one history may have when all are walked: each one more makes five times as many states. */
  readonly faults: number;
}

export const settings = {
  newCamera: setting("a new camera", {}),
  nameTaken: setting("another camera has its first name", { devices: others.slice(0, 1) }),
  namesTaken: { ...setting("other cameras have all of its names", { devices: others }), faults: 3 },
  twoRuns: { ...setting("two runs at once, the lock having failed", {}, { ...rules, runs: 2 }), faults: 3 },
  formerWorks: setting("former credentials that work", { devices: [former] }, rules, "former"),
  formerRefused: setting("former credentials that are refused", {}, rules, "former"),
  keyMistyped: mistyped(
    setting("former credentials that work, and a mistyped key", { devices: [former] }, rules, "former"),
  ),
  fixedName: setting("a fixed name that nobody has", {}, { ...rules, naming: fixed }),
  preRepeated: setting(
    "pre-provisioned, a server that repeats its secret",
    { devices: [registered], strategy: "pre-provisioned, repeated" },
    { ...rules, naming: fixed },
  ),
  preOnce: setting(
    "pre-provisioned, a server that says its secret once",
    { devices: [registered], strategy: "pre-provisioned, once" },
    { ...rules, naming: fixed },
  ),
  lockedOut: {
    ...setting(
      "pre-provisioned, a server that says its secret once and may lock devices out",
      { devices: [registered], strategy: "pre-provisioned, once", lock: "possible" },
      { ...rules, naming: fixed },
    ),
    faults: 3,
  },
  knownInAdvance: given(
    setting(
      "pre-provisioned, its token known in advance",
      { devices: [registered], strategy: "pre-provisioned, once" },
      { ...rules, naming: fixed },
    ),
    registered.token,
  ),
  knownToCreate: {
    ...given(
      setting("a token of its own known in advance, which no device has", {}, { ...rules, naming: fixed }),
      "given",
    ),
    faults: 3,
  },
  knownOfAnother: {
    ...given(
      setting(
        "pre-provisioned, the token of another device known in advance",
        { devices: [registered, ...others], strategy: "pre-provisioned, once" },
        { ...rules, naming: fixed },
      ),
      "another's 1",
    ),
    faults: 3,
  },
  laterRounds: setting("a new camera, in the later runs of --wait", {}, { ...rules, judgement: laterJudgement }),
  formerLater: setting(
    "former credentials that are refused, in the later runs of --wait",
    {},
    { ...rules, judgement: laterJudgement },
    "former",
  ),
  twoServers: twoServers(setting("a camera that is sent to another server, and perhaps back", {})),
  otherName: otherName(setting("a server that is written under another name, and perhaps the former again", {})),
  otherNameOnce: {
    ...otherName(
      setting(
        "pre-provisioned, a server with another name that says its secret once",
        { devices: [registered], strategy: "pre-provisioned, once" },
        { ...rules, naming: fixed },
      ),
    ),
    faults: 3,
  },
} as const;

function setting(name: string, server: Partial<Server>, ruled = rules, token: string | null = null): Setting {
  const config = { token, host: 0, attempt: null, edits: 0, over: null };
  const folder = { trigger: "waiting", config, backups: [], intents: [], received: [], sent: [] } as const;
  return {
    name,
    rules: ruled,
    faults: 4,
    world: (faults) => ({
      disk: { durable: folder, unsynced: [] },
      servers: [{ ...emptyServer, ...server }],
      order: 0,
      hasOtherName: false,
      mistyped: false,
      given: null,
      lockFailed: false,
      runs: ruled.runs === 1 ? [undefined] : [undefined, undefined],
      faults,
      secrets: 0,
      names: 0,
      edits: 0,
      misled: 0,
    }),
  };
}

function given({ world, ...setting }: Setting, token: string): Setting {
  return { ...setting, world: (faults) => ({ ...world(faults), given: token }) };
}

function mistyped({ world, ...setting }: Setting): Setting {
  return { ...setting, world: (faults) => ({ ...world(faults), mistyped: true }) };
}

function twoServers({ world, ...setting }: Setting): Setting {
  return { ...setting, world: (faults) => ({ ...world(faults), servers: [emptyServer, emptyServer] }) };
}

function otherName({ world, ...setting }: Setting): Setting {
  return { ...setting, world: (faults) => ({ ...world(faults), hasOtherName: true }) };
}
