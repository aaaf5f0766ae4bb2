import type { constants } from "node:os";
import type { FileSystem } from "../../../src/files/disk/file-system.ts";
import { Killed, systemError, watched } from "../../files/disk/watched-file-system.ts";
import type { MemoryDisk } from "./memory-disk.ts";
import { MemoryFiles } from "./memory-files.ts";

/** The calls by which a moment is named; `call` is any of a file or a connection. */
export const callNames = [
  "call",
  "sync",
  "rename",
  "link",
  "unlink",
  "write",
  "open",
  "connect",
  "send",
  "receive",
] as const;
export type CallName = (typeof callNames)[number];

/** What happens to a run just before its `nth` call of this name, counted from 1. */
export type Interruption = { readonly before: CallName; readonly nth: number } & (
  | { readonly do: "kill" }
  /** This call of a file fails. */
  | { readonly do: "fail"; readonly code: keyof typeof constants.errno }
  /** From here on there is room for so many bytes. */
  | { readonly do: "fill"; readonly room: number }
  | { readonly do: "read-only" }
  /** The next sync fails, and what it should have written is never written. */
  | { readonly do: "lose" }
  /** Of the bytes of this write only so great a part is written, then the process is dead. */
  | { readonly do: "tear"; readonly part: number }
);

/** A call of a file or a connection, and its parameters. */
export type Call = readonly [name: string, ...args: readonly unknown[]];

/** `rename /camera/provision.txt /camera/provision.txt.processed`. */
export function inWords([name, ...args]: Call): string {
  return [name, ...args.filter((arg) => typeof arg === "string")].join(" ");
}

/** One process: its calls are counted, and once it is dead no call of it does anything any more. */
export class Session {
  readonly files: FileSystem;
  /** Every call that was made, with its parameters. */
  readonly calls: Call[] = [];
  readonly #memory: MemoryFiles;
  readonly #interruptions: readonly Interruption[];
  readonly #onDeath: (() => void)[] = [];
  #networkCalls = 0;
  #onNetwork: (number: number) => void = () => {};
  #onFile: (call: string, args: readonly unknown[]) => void = () => {};
  readonly #counts = new Map<string, number>();
  #isDead = false;
  #losesNextSync = false;
  #failedSync = false;

  constructor(disk: MemoryDisk, interruptions: readonly Interruption[], { hasNoLock = false } = {}) {
    this.#memory = new MemoryFiles(disk);
    this.#memory.trouble.hasNoLock = hasNoLock;
    this.#interruptions = interruptions;
    this.files = watched(this.#memory, (call, ...args) => {
      if (!this.#isDead) this.#onFile(call, args);
      this.#step([call, ...args], true);
      if (call !== "sync" || !this.#losesNextSync) return;
      this.#losesNextSync = false;
      this.#failedSync = true;
      const [handle] = args;
      if (typeof handle === "number") this.#memory.dropUnsynced(handle);
      throw systemError("EIO", call);
    });
  }

  get isDead(): boolean {
    return this.#isDead;
  }

  /** Whether a sync failed. */
  get failedSync(): boolean {
    return this.#failedSync;
  }

  /** The end of the process: its connections are cut. */
  onDeath(act: () => void): void {
    this.#onDeath.push(act);
  }

  /** Ahead of every call of a connection, with its number from 1. */
  onNetwork(act: (number: number) => void): void {
    this.#onNetwork = act;
  }

  /** Ahead of every call of a file. */
  onFile(act: (call: string, args: readonly unknown[]) => void): void {
    this.#onFile = act;
  }

  /** Ahead of every call of a connection. */
  networkStep(call: "connect" | "send" | "receive"): void {
    if (!this.#isDead) this.#onNetwork(++this.#networkCalls);
    this.#step([call], false);
  }

  #step(call: Call, isOfFile: boolean): void {
    if (this.#isDead) throw new Killed(inWords(call));
    this.calls.push(call);
    const [name] = call;
    const count = (this.#counts.get(name) ?? 0) + 1;
    this.#counts.set(name, count);
    for (const interruption of this.#interruptions) {
      const { before, nth } = interruption;
      const isDue = before === "call" ? nth === this.calls.length : before === name && nth === count;
      if (isDue) this.#interrupt(interruption, call, isOfFile);
    }
  }

  #interrupt(interruption: Interruption, call: Call, isOfFile: boolean): void {
    switch (interruption.do) {
      case "kill":
        this.#die();
        throw new Killed(inWords(call));
      case "fail":
        if (!isOfFile) return;
        if (call[0] === "sync") this.#failedSync = true;
        throw systemError(interruption.code, inWords(call));
      case "fill":
        this.#memory.trouble.room = interruption.room;
        return;
      case "read-only":
        this.#memory.trouble.isReadOnly = true;
        return;
      case "lose":
        this.#losesNextSync = true;
        return;
      case "tear":
        this.#tear(call, interruption.part);
    }
  }

  #tear([name, handle, bytes, position]: Call, part: number): void {
    if (name !== "write" || typeof handle !== "number" || typeof position !== "number") return;
    if (!(bytes instanceof Uint8Array)) return;
    const torn = bytes.subarray(0, Math.floor(bytes.byteLength * part));
    if (torn.byteLength > 0) this.#memory.write(handle, torn, position);
    this.#die();
    throw new Killed(`the middle of a ${name}`);
  }

  #die(): void {
    this.#isDead = true;
    for (const act of this.#onDeath) act();
  }
}
