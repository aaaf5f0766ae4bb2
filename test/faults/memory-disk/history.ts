import fc from "fast-check";
import type { Kind } from "../harness/login.ts";
import type { ConfigurationName } from "./configurations.ts";
import type { Disturbance } from "./memory-server.ts";
import type { Forgetting } from "./power-cut.ts";
import { callNames, type Interruption } from "./session.ts";

/** How the camera comes to its device. */
export type Strategy = "new device" | "fixed name" | "claim, repeated" | "claim, once" | "known in advance";

/** What there is before the first start. */
export interface Camera {
  readonly forgetting: Forgetting;
  readonly configuration: ConfigurationName;
  /** Of the configuration. */
  readonly mode: number;
  readonly owner: number;
  /** Of former provisionings. */
  readonly backups: number;
  readonly strategy: Strategy;
  /** So many of the names that it asks for are another camera's by then. */
  readonly namesTaken: number;
  /** Whether the server knows the token of a configuration that holds one. */
  readonly formerWorks: boolean;
  /** What it asks to log in with. */
  readonly kind: Kind;
}

/** What people and other programs do to the folder, and what the clock does. */
export type Whim = "edit" | "trigger" | "wrong key" | "wrong secret" | "other name" | "1970";

/** One start of the program, with all that goes wrong in it. */
export interface Start {
  /** Just before it; a wrong key or secret is right again for the next one, another name of the server stays. */
  readonly before: readonly Whim[];
  readonly interruptions: readonly Interruption[];
  readonly disturbances: readonly Disturbance[];
  /** Another program edits the configuration ahead of this call of a connection, counted from 1. */
  readonly editAt: number | null;
  /** The clock goes back to 1970 ahead of this call of a connection. */
  readonly clockBackAt: number | null;
  /** There is no lock, and a second start comes ahead of this call of a connection. */
  readonly secondAt: number | null;
  /** The power is cut once it has ended, or was killed; the number decides what the disk keeps. */
  readonly powerCut: number | null;
}

export interface History {
  readonly camera: Camera;
  readonly starts: readonly Start[];
}

/** A run makes some 250 calls; 20 of them are syncs, 15 renames, 10 creations, 5 links, 10 of a connection. */
const moment = { before: fc.constantFrom(...callNames), nth: fc.integer({ min: 1, max: 20 }) };
const anyCall = { before: fc.constant("call" as const), nth: fc.integer({ min: 1, max: 260 }) };

const trouble = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant("kill" as const) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("fail" as const),
      code: fc.constantFrom(
        "EIO" as const,
        "ENOSPC" as const,
        "EACCES" as const,
        "EROFS" as const,
        "EMFILE" as const,
        "EDQUOT" as const,
      ),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant("fill" as const),
      room: fc.constantFrom(0, 1, 100, 300, 1000, 5000, 70_000),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom("read-only" as const, "lose" as const) }) },
);

/** A run makes some 10 writes. */
const tornWrite = fc.record({
  before: fc.constant("write" as const),
  nth: fc.integer({ min: 1, max: 12 }),
  do: fc.constant("tear" as const),
  part: fc.constantFrom(0, 0.01, 0.5, 0.99),
});

/** At the end records are removed one after the other: few calls, and each leaves another state. */
const killedWhileTidying = fc.record({
  before: fc.constant("unlink" as const),
  nth: fc.integer({ min: 4, max: 9 }),
  do: fc.constant("kill" as const),
});

const interruption: fc.Arbitrary<Interruption> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc
      .tuple(fc.oneof(fc.record(moment), fc.record(anyCall)), trouble)
      .map(([when, what]) => ({ ...when, ...what })),
  },
  { weight: 1, arbitrary: tornWrite },
  { weight: 4, arbitrary: killedWhileTidying },
);

const nth = fc.integer({ min: 1, max: 4 });
const later = fc.constantFrom(100, 5000, 26_000, 70_000, 400_000);
const anyMoment = fc.constantFrom(
  "before the work" as const,
  "before the answer" as const,
  "after the acknowledgement" as const,
  "after the answer" as const,
);

const disturbance: fc.Arbitrary<Disturbance> = fc.oneof(
  fc.record({
    on: fc.constant("connection" as const),
    nth,
    do: fc.constantFrom("refuse" as const, "stay silent" as const),
  }),
  fc.record({
    on: fc.constantFrom("request" as const, "probe" as const, "attributes" as const),
    nth,
    do: fc.constantFrom(
      "lose" as const,
      "double" as const,
      "garble" as const,
      "malform" as const,
      "hugePacket" as const,
      "reorder" as const,
      "wrongPacket" as const,
    ),
  }),
  fc.record({
    on: fc.constantFrom("request" as const, "probe" as const),
    nth,
    do: fc.constantFrom("close" as const, "reset" as const),
    when: anyMoment,
  }),
  fc.record({
    on: fc.constantFrom("request" as const, "probe" as const),
    nth,
    do: fc.constant("flood" as const),
    packets: fc.constantFrom(1, 20, 200),
  }),
  fc.record({
    on: fc.constantFrom("request" as const, "probe" as const, "attributes" as const),
    nth,
    do: fc.constantFrom("restart" as const, "stopAccepting" as const),
    for: later,
  }),
  fc.record({
    on: fc.constantFrom("request" as const, "attributes" as const),
    nth,
    do: fc.constant("answer" as const),
    payload: fc.constantFrom("", "{}", "[]", '{"status":"SUCCESS"}', '{"shared":{"deviceId":"none"}}', "null"),
  }),
  fc.record({
    on: fc.constantFrom("request" as const, "probe" as const),
    nth,
    do: fc.constant("delay" as const),
    for: later,
  }),
  fc.record({ on: fc.constant("request" as const), nth, do: fc.constant("truncate" as const), bytes: fc.nat(80) }),
  fc.record({
    on: fc.constant("request" as const),
    nth,
    do: fc.constantFrom("createButFail" as const, "answerWithoutCreating" as const, "answerForAnotherDevice" as const),
  }),
  fc.record({
    on: fc.constant("request" as const),
    nth,
    do: fc.constant("refuse" as const),
    status: fc.constantFrom("FAILURE" as const, "FAILURE" as const, "NOT_FOUND" as const),
  }),
  fc.record({
    on: fc.constant("request" as const),
    nth,
    do: fc.constant("timeOut" as const),
    work: fc.oneof(fc.constantFrom("at once" as const, "never" as const), fc.record({ after: later })),
  }),
  fc.record({ on: fc.constant("probe" as const), nth, do: fc.constant("timeOut" as const) }),
  fc.record({
    on: fc.constant("probe" as const),
    nth,
    do: fc.constant("code" as const),
    code: fc.constantFrom(2, 3, 4, 5),
  }),
);

const start: fc.Arbitrary<Start> = fc.record({
  before: fc.uniqueArray(fc.constantFrom<Whim>("edit", "trigger", "wrong key", "wrong secret", "other name", "1970"), {
    maxLength: 2,
  }),
  interruptions: fc.array(interruption, { maxLength: 2 }),
  disturbances: fc.array(disturbance, { maxLength: 3 }),
  editAt: fc.option(fc.integer({ min: 1, max: 14 }), { freq: 4 }),
  clockBackAt: fc.option(fc.integer({ min: 1, max: 14 }), { freq: 8 }),
  secondAt: fc.option(fc.integer({ min: 1, max: 14 }), { freq: 8 }),
  powerCut: fc.option(fc.nat(999_999), { freq: 2 }),
});

const names: readonly ConfigurationName[] = ["none", "commented", "windows", "one line", "empty", "former"];

/** Any history on a disk of this kind, of a camera with credentials of that one. */
export function histories(forgetting: Forgetting, kind: Kind): fc.Arbitrary<History> {
  return fc.record({
    camera: fc.record({
      forgetting: fc.constant(forgetting),
      configuration: fc.constantFrom(...names),
      mode: fc.constantFrom(0o600, 0o640, 0o644),
      owner: forgetting === "FAT" ? fc.constant(0) : fc.constantFrom(0, 1000),
      backups: fc.constantFrom(0, 5, 7),
      strategy: fc.constantFrom<Strategy>(
        "new device",
        "new device",
        "new device",
        "fixed name",
        "claim, repeated",
        "claim, once",
        "known in advance",
      ),
      namesTaken: fc.constantFrom(0, 0, 0, 0, 1, 2, 3),
      formerWorks: fc.boolean(),
      kind: fc.constant(kind),
    }),
    starts: fc.array(start, { minLength: 1, maxLength: 3 }),
  });
}
