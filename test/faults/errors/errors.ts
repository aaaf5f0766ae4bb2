import type { Run, Violation } from "../harness/invariants.ts";
import { inLanes } from "../harness/lanes.ts";
import { type Case, type Extent, type Result, resultOf, together } from "../harness/method.ts";
import { Reach } from "../harness/strace/reach.ts";
import { withCertificate, withPassword } from "../harness/strace/settings.ts";
import { type Call, changesSomething, disturbing, isOfTheStatus } from "../harness/strace/trace.ts";
import { type Setting, Trial } from "../harness/trial.ts";
import { callsOfAGoodRun, inWords } from "../kill/kill.ts";

const disk = ["EIO", "EROFS", "EACCES"] as const;
const full = ["ENOSPC", "EDQUOT"] as const;

/** What each call may plausibly fail with. What EINTR interrupted is repeated: it must leave no trace at all. */
const plausible: Readonly<Record<string, readonly string[]>> = {
  openat: ["EIO", "EACCES", "EMFILE", "EINTR"],
  "openat for writing": [...disk, ...full, "EMFILE", "ENFILE", "EINTR"],
  mkdir: [...disk, ...full],
  link: [...disk, ...full, "EPERM", "EMLINK", "EXDEV"],
  rename: [...disk, ...full, "EBUSY", "EXDEV"],
  unlink: [...disk, "EBUSY"],
  rmdir: [...disk, "EBUSY"],
  pwrite64: ["EIO", ...full, "EFBIG", "EINTR"],
  fsync: ["EIO", ...full, "EROFS", "EINTR"],
  fchmod: ["EIO", "EROFS", "EPERM"],
  pread64: ["EIO", "EINTR"],
  getdents64: ["EIO"],
  statx: ["EIO", "EACCES"],
  access: ["EIO", "EACCES"],
  newfstatat: ["EIO"],
  statfs: ["EIO", "EINTR"],
  close: ["EIO", "EINTR"],
  flock: ["ENOLCK", "EINTR", "EAGAIN"],
  socket: ["EMFILE", "ENFILE", "ENOBUFS"],
  connect: ["ECONNREFUSED", "ENETUNREACH", "ETIMEDOUT"],
  getpeername: ["ENOTCONN", "ENOBUFS"],
  read: ["ECONNRESET", "ETIMEDOUT"],
  write: ["EPIPE", "ECONNRESET"],
  writev: ["EPIPE", "ECONNRESET"],
  setsockopt: ["ENOBUFS", "EINVAL"],
  shutdown: ["ENOTCONN", "ENOBUFS"],
  dup2: ["EBUSY"],
};

/** Calls that are not made to fail, and why. */
const leftOut: Readonly<Record<string, string>> = {
  epoll_ctl: "libuv aborts the process when it fails, which is a kill before this call: `kill` has it",
  getsockopt: "asks an open socket for its own error, and cannot fail; libuv does not look whether it did",
};

interface Failure {
  readonly call: Call;
  readonly error: string;
  /** From here on always, as on a disk that died; else this once. */
  readonly forGood: boolean;
}

/** Lets each call of the real process fail with each plausible error, one run a failure (method 2). */
export async function failEveryCall(extent: Extent): Promise<Result> {
  const withToken = await failCalls(extent, {});
  // What is different with other credentials is met at each place that matters, with one error.
  return together([withToken, await failCalls("some", withPassword), await failCalls("some", withCertificate)]);
}

async function failCalls(extent: Extent, setting: Setting): Promise<Result> {
  const calls = await callsOfAGoodRun(setting);
  const unknown = calls.find(({ name }) => plausible[name] === undefined && leftOut[name] === undefined);
  if (unknown !== undefined) throw new Error(`nobody has thought of what ${unknown.name} may fail with`);
  const calm = await warningsOfAGoodRun(setting);
  const failures = extent === "all" ? allFailures(calls) : someFailures(calls);
  using reach = new Reach();
  const cases = await inLanes(failures, async ({ call, error, forGood }, lane): Promise<Case> => {
    await using trial = await Trial.begin(setting);
    const when = `${call.nth}${forGood ? "+" : ""}`;
    const wrapper = disturbing(call, when, `error=${error}`, reach.log(lane));
    const { run } = await trial.start({ wrapper, hindered: true });
    reach.countByLog(lane, "(INJECTED)");
    const traces = error === "EINTR" ? tracesIn(run, calm) : [];
    await trial.recover();
    const what = `${error} ${forGood ? "from" : "at"} ${inWords(call, trial.directory)}${forGood ? " on" : ""}`;
    return { what, violations: [...traces, ...trial.violations] };
  });
  return resultOf(cases, reach.notes());
}

/** What is to be seen of a call that was interrupted and repeated: nothing. */
function tracesIn(run: Run, calm: string): readonly Violation[] {
  const warnings = warningsIn(run);
  if (run.exitStatus === 0 && warnings === calm) return [];
  return [
    { invariant: "I22", what: `a call was interrupted, and it ended with ${run.exitStatus}, warning ${warnings}` },
  ];
}

async function warningsOfAGoodRun(setting: Setting): Promise<string> {
  await using trial = await Trial.begin(setting);
  return warningsIn((await trial.start()).run);
}

function warningsIn({ output }: Run): string {
  return [...output.matchAll(/"type":"warning","code":"(\w+)"/g)].map(([, code]) => code).join(", ");
}

function allFailures(calls: readonly Call[]): readonly Failure[] {
  return calls.flatMap((call) => {
    const errors = plausible[isForWriting(call) ? "openat for writing" : call.name] ?? [];
    const once = errors.map((error) => ({ call, error, forGood: false }));
    const forGood = changesSomething(call) && /^(openat|pwrite64|fsync|rename|link)$/.test(call.name);
    // A sync that fails for good, and one that fails once and says nothing afterwards, are different disks.
    return forGood ? [...once, { call, error: call.name === "fsync" ? "EIO" : "EROFS", forGood: true }] : once;
  });
}

/** For every call that can change something that matters one error, so that each place is hit once. */
function someFailures(calls: readonly Call[]): readonly Failure[] {
  return calls
    .filter((call) => changesSomething(call) && !isOfTheStatus(call))
    .flatMap((call, index) => {
      const errors = plausible[isForWriting(call) ? "openat for writing" : call.name] ?? [];
      const error = errors[index % Math.max(1, errors.length)];
      return error === undefined ? [] : [{ call, error, forGood: false }];
    });
}

function isForWriting({ name, text }: Call): boolean {
  return name === "openat" && text.includes("O_CREAT");
}
