import fc from "fast-check";
import type { InvariantName, Violation } from "../harness/invariants.ts";
import { isKind, type Kind } from "../harness/login.ts";
import type { Case, Result } from "../harness/method.ts";
import { type History, histories } from "./history.ts";
import { allMarks, type Mark } from "./marks.ts";
import type { Mistake } from "./mistakes.ts";
import { type Instead, play } from "./play.ts";
import type { Forgetting } from "./power-cut.ts";

/** `FAULT_HISTORIES=100000 npx vitest run test/faults/memory-disk`: how many histories, on all disks together. */
const wanted = process.env["FAULT_HISTORIES"];
const inAll = Number(wanted ?? 5100);
/** The first of them, in `npm test`, which is to take little time; `npm run test:faults` plays all. */
export const some = Number(wanted ?? 300);
/**
 * The same histories every time, so that a change is judged and not luck; `FAULT_SEED=$RANDOM` plays others.
 * `FAULT_SEED=… FAULT_PATH=… FAULT_KIND=…` plays one of them again; they are told with what goes wrong.
 */
const usual: Which = {
  seed: Number(process.env["FAULT_SEED"] ?? 20261124),
  path: process.env["FAULT_PATH"],
  kind: process.env["FAULT_KIND"],
};

/** For the options of a test: the longest that it may take. */
export const patience = { timeout: 60_000 + inAll * 200 };

const allDisks: readonly Forgetting[] = ["in order", "any subset", "FAT"];

/** For every five histories with a token one with each of the others: what comes of them differs in the files only. */
const shares = { ACCESS_TOKEN: 1, MQTT_BASIC: 1 / 5, X509_CERTIFICATE: 1 / 5 } as const;

interface Which {
  readonly seed: number;
  /** To one history; undefined: all that the seed gives. */
  readonly path: string | undefined;
  /** Only cameras that ask for credentials of this kind; undefined: of all kinds. */
  readonly kind?: string | undefined;
  readonly instead?: Instead;
}

/** Fewer histories than this need not come through every state that has a mark. */
const enoughForAllMarks = 1500;

/** Method 1: random histories over a disk that forgets. A case is a history; of what goes wrong, the smallest is told. */
export async function playHistories(disks = allDisks, which = usual, count = inAll): Promise<Result> {
  const played = [];
  for (const disk of disks)
    for (const kind of Object.keys(shares)
      .filter(isKind)
      .filter((each) => which.kind === undefined || each === which.kind))
      played.push(await playOn(disk, kind, Math.ceil((count / allDisks.length) * shares[kind]), which));
  const broken = played.flatMap((each) => each.broken);
  return { cases: played.reduce((sum, { cases }) => sum + cases, 0), broken };
}

async function playOn(
  disk: Forgetting,
  kind: Kind,
  numRuns: number,
  { seed, path, instead }: Which,
): Promise<{ readonly cases: number; readonly broken: readonly Case[] }> {
  const missing = new Set(allMarks);
  const property = fc.asyncProperty(histories(disk, kind), async (history) => {
    const { violations, marks } = await play(history, instead);
    for (const mark of marks) missing.delete(mark);
    return violations.length === 0;
  });
  const checking = () => fc.check(property, { numRuns, seed, ...(path === undefined ? {} : { path }) });
  const { failed, counterexample, counterexamplePath, ...details } = await withoutStacks(checking);
  if (!failed || counterexample === null) {
    // Of the other kinds there are fewer; they come through the same states.
    const isMany = kind === "ACCESS_TOKEN" && numRuns >= enoughForAllMarks;
    const missed = isMany && path === undefined ? [...missing] : [];
    return { cases: details.numRuns, broken: missed.map((mark) => neverSeen(mark, disk)) };
  }
  const again = `FAULT_SEED=${details.seed} FAULT_PATH=${counterexamplePath} FAULT_KIND=${kind}`;
  return { cases: details.numRuns, broken: [await tell(counterexample[0], again, instead)] };
}

/** Thousands of errors are made and nobody reads where: a tenth of the time. What goes wrong is told with its stacks. */
async function withoutStacks<Value>(work: () => Promise<Value>): Promise<Value> {
  const usualLimit = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  try {
    return await work();
  } finally {
    Error.stackTraceLimit = usualLimit;
  }
}

async function tell(history: History, again: string, instead?: Instead): Promise<Case> {
  const { violations, story } = await play(history, instead).catch((error: unknown) => ({
    violations: [wrong(error)],
    story: [],
  }));
  return { what: [`${again} plays it again`, JSON.stringify(history), ...story].join("\n"), violations };
}

function neverSeen(mark: Mark, disk: Forgetting): Case {
  return {
    what: `no history on a disk of the kind "${disk}"`,
    violations: [{ invariant: "R", what: `never: ${mark}` }],
  };
}

function wrong(error: unknown): Violation {
  const invariant: InvariantName = "R";
  return { invariant, what: String(error) };
}

/** How many histories it takes until this mistake breaks its invariant; undefined: none of `most` did. */
export async function historiesUntilBroken(
  { on, port, breaks, kind = "ACCESS_TOKEN" }: Mistake,
  most: number,
): Promise<number | undefined> {
  let played = 0;
  const property = fc.asyncProperty(histories(on, kind), async (history) => {
    played++;
    const { violations } = await play(history, { wrap: port, only: breaks });
    return violations.length === 0;
  });
  const { failed } = await fc.check(property, { numRuns: most, endOnFailure: true, seed: 1 });
  return failed ? played : undefined;
}
