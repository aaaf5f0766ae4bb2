import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { done, type Ended, tried } from "./command.ts";

/** A Debian to try things in: its smallest form, with systemd, and what the name says. */
export const suites = {
  /** Its own Node.js is recent enough. */
  trixie: ["systemd", "systemd-sysv", "dbus", "libfaketime", "nodejs"],
  /** Its own Node.js is too old; these libraries are what Node's own binary needs besides libc. */
  bookworm: ["systemd", "systemd-sysv", "dbus", "libfaketime", "libstdc++6", "libatomic1"],
} as const;

export type Suite = keyof typeof suites;

const cache = resolve(".cache", "roots");

/** Made once and kept in the repository's cache, which is not committed. */
export async function rootOf(suite: Suite): Promise<string> {
  const folder = join(cache, suite);
  if (existsSync(folder)) return folder;
  mkdirSync(cache, { recursive: true });
  const unfinished = `${folder}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  const include = `--include=${suites[suite].join(",")}`;
  await done(["mmdebstrap", "--quiet", "--variant=minbase", include, suite, unfinished], { patience: 900 });
  renameSync(unfinished, folder);
  return folder;
}

/** A writable copy that costs nothing: what is changed lies on top, and goes with it. */
export class RootCopy implements AsyncDisposable {
  readonly path: string;
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
    this.path = join(folder, "root");
  }

  static async of(original: string): Promise<RootCopy> {
    const folder = mkdtempSync(join(cache, "copy-"));
    const [root, upper, work] = ["root", "upper", "work"].map((name) => join(folder, name));
    for (const each of [root, upper, work]) mkdirSync(each ?? "");
    const options = `lowerdir=${original},upperdir=${upper},workdir=${work}`;
    await done(["mount", "-t", "overlay", "overlay", "-o", options, root ?? ""]);
    return new RootCopy(folder);
  }

  /** Runs a program in there, without booting it. */
  run(...command: readonly string[]): Promise<string> {
    return done(this.#inside(command));
  }

  tried(...command: readonly string[]): Promise<Ended> {
    return tried(this.#inside(command));
  }

  #inside(command: readonly string[]): readonly string[] {
    return ["unshare", "--mount", "sh", "-c", withProc, this.path, "env", "-i", ...plainEnvironment, ...command];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await done(["umount", "--recursive", "--lazy", this.path]);
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** What maintainer scripts and systemd's tools look into; the container brings its own when it boots. */
export const withProc = 'mount -t proc proc "$0/proc" && exec chroot "$0" "$@"';

/** Nothing of this process' own environment. */
export const plainEnvironment = [
  "LC_ALL=C.UTF-8",
  "DEBIAN_FRONTEND=noninteractive",
  "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
];
