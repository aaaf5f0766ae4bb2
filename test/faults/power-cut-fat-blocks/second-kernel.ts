import { spawn } from "node:child_process";
import {
  closeSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  truncateSync,
} from "node:fs";
import { join, resolve } from "node:path";
import { build } from "esbuild";
import { withoutDebugOutput } from "../../../scripts/without-debug-output.mjs";
import { system } from "../strange-disk/mounts.ts";
import { readStory, type Story, storyName } from "./story.ts";
import { type LogEntry, readWriteLog } from "./write-log.ts";

const here = "test/faults/power-cut-fat-blocks";
const megabyte = 1024 * 1024;
/** It takes five seconds; on a machine that does others' work, too, it may be many more. */
const patience = 120_000;

/** What was written to a disk that was empty at first, and what happened meanwhile. */
export interface Recording {
  readonly emptyDisk: string;
  readonly log: readonly LogEntry[];
  readonly story: Story;
}

export interface Wanted {
  readonly command: string;
  /** Of the server; the second kernel has a network of its own, and the camera wakes up outside, with the same one. */
  readonly port: number;
  /** Options of the mount. */
  readonly options: string;
}

/**
 * A folder, and a Linux of its own that works in it: user-mode Linux, a kernel that is a program, with this machine's
 * files as its root. `camera` is what the camera's folder shall hold, `images` are the disks that power cuts left.
 */
export class SecondKernel {
  readonly #folder: string;
  readonly #wanted: Wanted;

  private constructor(folder: string, wanted: Wanted) {
    this.#folder = folder;
    this.#wanted = wanted;
  }

  static async build(folder: string, wanted: Wanted): Promise<SecondKernel> {
    for (const name of ["disk", "disks", "images", "read"]) mkdirSync(join(folder, name));
    copyFileSync(join(here, "init.sh"), join(folder, "init.sh"));
    await buildGuest(join(folder, "guest.cjs"));
    return new SecondKernel(folder, wanted);
  }

  /** Lets the command provision the camera on FAT, and records every block that this writes, in order. */
  async record(): Promise<Recording> {
    const [emptyDisk, usedDisk, log] = [this.#at("empty.image"), this.#at("used.image"), this.#at("log.image")];
    makeFile(emptyDisk, 40);
    // As on a memory card, with the smallest clusters: even a small file has a chain that can be torn.
    system("mkfs.vfat", "-F", "32", "-s", "1", emptyDisk);
    system("cp", "--sparse=always", emptyDisk, usedDisk);
    makeFile(log, 64);
    await this.#boot("record", storyName, [`ubda=${usedDisk}`, `ubdb=${log}`]);
    return { emptyDisk, log: readWriteLog(readFileSync(log)), story: readStory(this.#at(storyName)) };
  }

  /** Where a disk has to lie to be read. */
  imageOf(name: string): string {
    return join(this.#at("images"), name);
  }

  /** Where its files are once it was read. */
  readFrom(name: string): string {
    return join(this.#at("read"), name);
  }

  /** Reads all images with the kernel's own code. Gives what it says of those that are torn, a line for each file. */
  async readDisks(): Promise<readonly string[]> {
    for (const name of readdirSync(this.#at("images"))) mkdirSync(join(this.#at("disks"), name));
    await this.#boot("read", "torn", []);
    return readFileSync(this.#at("torn"), "utf8").split("\n");
  }

  #at(name: string): string {
    return join(this.#folder, name);
  }

  /** Switches it on for a task, until it is off again. `outcome` is the file that it leaves when all went well. */
  async #boot(task: "record" | "read", outcome: string, disks: readonly string[]): Promise<void> {
    const said = await this.#run([
      ...["rootfstype=hostfs", "ro", "init=/bin/sh", "mem=512M", "con=null", "con0=null,fd:1", "quiet"],
      ...[`uml_dir=${this.#folder}`, ...disks],
      // What the kernel does not know goes to the first process; what follows the dashes, to its command line.
      ...[`TASK=${task}`, `FOLDER=${this.#folder}`, `NODE=${process.execPath}`],
      ...[`COMMAND=${resolve(this.#wanted.command)}`, `PORT=${this.#wanted.port}`, `OPTIONS=${this.#wanted.options}`],
      ...["--", this.#at("init.sh")],
    ]);
    if (!existsSync(this.#at(outcome))) throw new Error(`the second kernel did not finish:\n${said}`);
  }

  #run(parameters: readonly string[]): Promise<string> {
    // Its memory is a file; the usual place for that is too small in many containers.
    const env = { PATH: process.env["PATH"] ?? "", TMPDIR: this.#folder };
    return new Promise((done, fail) => {
      const kernel = spawn("linux.uml", parameters, {
        stdio: ["ignore", "pipe", "pipe"],
        // A group of its own: what runs in there are processes out here, and must not outlive it.
        detached: true,
        timeout: patience,
        killSignal: "SIGKILL",
        env,
      });
      let said = "";
      const hear = (text: string) => {
        said += text;
      };
      kernel.stdout.setEncoding("utf8").on("data", hear);
      kernel.stderr.setEncoding("utf8").on("data", hear);
      kernel.once("error", fail);
      kernel.once("exit", () => endGroup(kernel.pid));
      kernel.once("close", () => done(said));
    });
  }
}

function makeFile(path: string, megabytes: number): void {
  closeSync(openSync(path, "w"));
  truncateSync(path, megabytes * megabyte);
}

/** One file: in there, reading many small ones takes long. */
async function buildGuest(outfile: string): Promise<void> {
  await build({
    entryPoints: [join(here, "guest.ts")],
    outfile,
    bundle: true,
    platform: "node",
    target: "node20.19",
    format: "cjs",
    mainFields: ["module", "main"],
    plugins: [withoutDebugOutput],
    logLevel: "warning",
  });
}

function endGroup(leader: number | undefined): void {
  try {
    if (leader !== undefined) process.kill(-leader, "SIGKILL");
  } catch {
    // Nobody is left in it.
  }
}
