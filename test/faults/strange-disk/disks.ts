import { chmodSync, chownSync, copyFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { someConfig } from "../../stories/camera.ts";
import { configName, credentialsName } from "../harness/folder.ts";
import type { Launch } from "../harness/program.ts";
import type { Setting, Trial } from "../harness/trial.ts";
import { fill, fillInodes, type Place, system } from "./mounts.ts";

/** What the first start on a strange disk may come to. */
export type Expectation =
  /** It is recognised before the server is asked for anything. */
  | { readonly kind: "recognised"; readonly exitStatus: number }
  /** The answer is kept, and the rest is for another start, if there was not even room for it. */
  | { readonly kind: "try later" }
  /** It shows once the server is asked, and a person must look. */
  | { readonly kind: "noticed"; readonly exitStatus: number }
  /** The camera is provisioned, or it is a fault of the system, wherever it shows. */
  | { readonly kind: "survived" }
  /** The camera is provisioned, with this warning where one is named. */
  | { readonly kind: "done"; readonly warning?: string };

/** A disk that is full, read-only or odd in another way. */
export interface StrangeDisk {
  readonly what: string;
  readonly expected: Expectation;
  /** The programs that only this disk takes. */
  readonly needs?: readonly string[];
  readonly setting?: Setting;
  readonly launch?: Partial<Launch>;
  /** Makes the folder's disk. */
  readonly make: (place: Place) => void;
  /** Makes it strange, before the start or from the server's side in the middle of it. Gives what mends it. */
  readonly hinder?: (trial: Trial, place: Place) => () => void;
}

const page = 4096;
/** Needs several blocks, so that a disk can take a part of it. */
const longConfig = someConfig.replace('"iron"', `"${"iron ".repeat(4000)}"`);
const long: Setting = { files: { [configName]: longConfig } };

/** Everybody may write into a tmpfs, unless it is told otherwise, and such a folder is refused. */
const tmpfs = (options: string) => (place: Place) =>
  place.mount(place.camera, "-t", "tmpfs", "-o", `mode=0755,${options}`, "camera");

function upTo(most: number): readonly number[] {
  return Array.from({ length: most + 1 }, (_, number) => number);
}

/** Does `act` when the server hears the request: after the intent, before the answer. */
function whenAsked(trial: Trial, act: () => () => void): () => void {
  let mend = () => {};
  const stop = trial.simulator.on((event) => {
    if (event.type !== "exchange" || event.exchange.topic !== "/provision/request") return;
    stop();
    mend = act();
  });
  return () => mend();
}

const fullBefore = upTo(24).map(
  (pages): StrangeDisk => ({
    what: `${pages} pages are free`,
    // 64 KiB and twice the configuration are wanted beforehand.
    expected: pages <= 17 ? { kind: "recognised", exitStatus: 73 } : { kind: "done" },
    make: tmpfs("size=1m"),
    hinder: (trial) => fill(trial.directory, pages * page),
  }),
);

export const fullAfter = upTo(14).map(
  (pages): StrangeDisk => ({
    what: `${pages} pages are free once the server is asked`,
    expected: { kind: "try later" },
    setting: long,
    make: tmpfs("size=1m"),
    hinder: (trial) => whenAsked(trial, () => fill(trial.directory, pages * page)),
  }),
);

const fewInodes = upTo(12).map(
  (inodes): StrangeDisk => ({
    what: `${inodes} inodes are free`,
    // Eight are wanted beforehand, when the status and the journal's folder have theirs already.
    expected: inodes < 10 ? { kind: "recognised", exitStatus: 73 } : { kind: "done" },
    make: tmpfs("size=1m,nr_inodes=64"),
    hinder: (trial) => fillInodes(trial.directory, inodes),
  }),
);

const fewInodesAfter = upTo(6).map(
  (inodes): StrangeDisk => ({
    what: `${inodes} inodes are free once the server is asked`,
    expected: { kind: "try later" },
    make: tmpfs("size=1m,nr_inodes=64"),
    hinder: (trial) => whenAsked(trial, () => fillInodes(trial.directory, inodes)),
  }),
);

const sizeLimits = upTo(12).map(
  (blocks): StrangeDisk => ({
    what: `no file may be larger than ${blocks} KiB`,
    // The room for the answer is kept beforehand.
    expected: blocks < 4 ? { kind: "recognised", exitStatus: 73 } : { kind: "try later" },
    setting: long,
    make: (place) => void place.folder("camera"),
    launch: { wrapper: ["sh", "-c", `ulimit -f ${blocks * 2}; exec "$@"`, "sh"] },
  }),
);

function remounted(place: Place): () => void {
  system("mount", "-o", "remount,ro", place.camera);
  return () => system("mount", "-o", "remount,rw", place.camera);
}

const readOnly: readonly StrangeDisk[] = [
  {
    what: "mounted read-only",
    expected: { kind: "recognised", exitStatus: 73 },
    make: tmpfs("size=1m"),
    hinder: (_trial, place) => remounted(place),
  },
  {
    what: "read-only once the server is asked",
    expected: { kind: "noticed", exitStatus: 73 },
    make: tmpfs("size=1m"),
    hinder: (trial, place) => whenAsked(trial, () => remounted(place)),
  },
  {
    what: "a configuration that is immutable",
    expected: { kind: "recognised", exitStatus: 73 },
    make: (place) => void place.folder("camera"),
    hinder: (trial) => {
      const path = join(trial.directory, configName);
      system("chattr", "+i", path);
      return () => system("chattr", "-i", path);
    },
  },
];

const mounts: readonly StrangeDisk[] = [
  {
    what: "the configuration is a mount of its own",
    expected: { kind: "recognised", exitStatus: 73 },
    make: (place) => void place.folder("camera"),
    hinder: (trial, place) => {
      const other = join(place.root, "other.json");
      const path = join(trial.directory, configName);
      copyFileSync(path, other);
      place.mount(path, "--bind", other);
      return () => place.unmount(path);
    },
  },
  {
    what: "a disk in memory",
    expected: { kind: "done", warning: "FILES_NOT_KEPT" },
    make: tmpfs("size=1m"),
  },
  {
    what: "a disk in memory, with --strict-files",
    expected: { kind: "recognised", exitStatus: 73 },
    make: tmpfs("size=1m"),
    launch: { options: ["--strict-files"] },
  },
  {
    what: "an overlay whose upper folder is in memory",
    expected: { kind: "done", warning: "FILES_NOT_KEPT" },
    make: overlay,
  },
  {
    what: "an overlay whose upper folder is in memory, with --strict-files",
    expected: { kind: "recognised", exitStatus: 73 },
    make: overlay,
    launch: { options: ["--strict-files"] },
  },
];

function overlay(place: Place): void {
  const memory = place.folder("memory");
  place.mount(memory, "-t", "tmpfs", "-o", "size=1m", "memory");
  const [lower, upper, work] = ["lower", "memory/upper", "memory/work"].map((name) => place.folder(name));
  place.mount(place.camera, "-t", "overlay", "-o", `lowerdir=${lower},upperdir=${upper},workdir=${work}`, "overlay");
}

/** Five backups from the future, as a camera without a battery finds them when its clock says 1970. */
const backups = Object.fromEntries(
  upTo(4).map((n) => [`${configName}.backup.${1_700_000_000 + n}`, `{ "old": ${n} }`]),
);

const clock: readonly StrangeDisk[] = [
  {
    what: "it is 1970, and there are five newer backups",
    expected: { kind: "done" },
    setting: { files: backups },
    make: (place) => void place.folder("camera"),
    needs: ["faketime"],
    launch: { wrapper: ["faketime", "-f", "1970-01-01 00:00:10"] },
  },
];

/** A real exFAT, as cards have it, where the kernel's own is missing: no modes, no owners, no links. */
function exfat(place: Place): void {
  const image = join(place.root, "card.image");
  writeFileSync(image, "");
  truncateSync(image, 8 * 1024 * 1024);
  system("mkfs.exfat", image);
  place.mount(place.camera, "-t", "exfat-fuse", "-o", "loop", image);
}

const withoutModes: readonly StrangeDisk[] = [
  {
    what: "a card on which modes are ignored",
    expected: { kind: "done", warning: "FILES_NOT_PRIVATE" },
    needs: ["mkfs.exfat", "mount.exfat-fuse"],
    setting: { keepsModes: false },
    make: exfat,
  },
  {
    what: "a card on which modes are ignored, with --strict-files",
    expected: { kind: "recognised", exitStatus: 73 },
    needs: ["mkfs.exfat", "mount.exfat-fuse"],
    setting: { keepsModes: false },
    make: exfat,
    launch: { options: ["--strict-files"] },
  },
];

const odd: readonly StrangeDisk[] = [
  {
    what: "somebody else's files are in the way",
    expected: { kind: "done" },
    make: (place) => void place.folder("camera"),
    hinder: (trial) => {
      writeFileSync(join(trial.directory, ".thermal_config.json.0123456789abcdef.tmp.mine"), "not yours");
      writeFileSync(join(trial.directory, `${configName}.backup.old`), "not yours");
      return () => {};
    },
  },
];

/** Root without any of its rights: to the files of others it is what everybody is. */
const withoutRights = ["setpriv", "--inh-caps=-all", "--bounding-set=-all"];
const stranger = 65534;

/** The folder, and in it this file, is another user's, with this mode. */
const ofAStranger = (name: string, mode: number) => (place: Place) => {
  const path = name === "" ? place.folder("camera") : join(place.folder("camera"), name);
  if (name !== "") writeFileSync(path, "");
  chmodSync(path, mode);
  chownSync(path, stranger, stranger);
};

const users = [
  {
    what: "a user without any rights, whose files these are",
    expected: { kind: "done" },
    make: (place: Place) => void place.folder("camera"),
  },
  {
    what: "a folder in which this user may not write",
    expected: { kind: "recognised", exitStatus: 73 },
    make: ofAStranger("", 0o755),
  },
  {
    what: "a configuration that this user may write, and not give back to its owner",
    expected: { kind: "recognised", exitStatus: 73 },
    make: ofAStranger(configName, 0o666),
  },
  {
    what: "a configuration that this user may not read",
    expected: { kind: "recognised", exitStatus: 78 },
    make: ofAStranger(configName, 0o600),
  },
  {
    what: "a provision.json that this user may not read",
    expected: { kind: "recognised", exitStatus: 78 },
    make: ofAStranger(credentialsName, 0o600),
    // Readable or not, what a stranger owns is not believed.
    hinder: (_trial: Trial, place: Place) => () => chownSync(join(place.camera, credentialsName), 0, 0),
  },
] as const satisfies readonly StrangeDisk[];

/** Once Node is there, and before it reads the program, which takes two: all the others are taken. */
const fewDescriptors = upTo(6).map(
  (more): StrangeDisk => ({
    what: `${2 + more} descriptors are left`,
    expected: { kind: "survived" },
    make: (place) => void place.folder("camera"),
    launch: {
      wrapper: ["sh", "-c", `ulimit -n 64; exec "$@"`, "sh"],
      environment: { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(takingAllBut(2 + more))}` },
    },
  }),
);

function takingAllBut(free: number): string {
  return `import { closeSync, openSync } from "node:fs";
    const taken = [];
    try { for (;;) taken.push(openSync("/dev/null")); } catch {}
    for (const handle of taken.slice(-${free})) closeSync(handle);`;
}

export const strangeDisks: readonly StrangeDisk[] = [
  ...fullBefore,
  ...fullAfter,
  ...fewInodes,
  ...fewInodesAfter,
  ...sizeLimits,
  ...readOnly,
  ...mounts,
  ...withoutModes,
  ...clock,
  ...odd,
  ...users.map((disk) => ({ ...disk, needs: ["setpriv"], launch: { wrapper: withoutRights } })),
  ...fewDescriptors,
];
