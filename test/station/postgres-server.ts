import { execFileSync, spawn } from "node:child_process";
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "../../src/base/clock.ts";
import { milliseconds } from "../../src/base/duration.ts";

const root = "/usr/lib/postgresql";

/** The programs of the newest PostgreSQL that Debian has installed; undefined without one. */
const programs = existsSync(root)
  ? readdirSync(root)
      .toSorted((one, other) => Number(other) - Number(one))
      .map((version) => join(root, version, "bin"))
      .find((folder) => existsSync(join(folder, "initdb")))
  : undefined;

export const hasPostgres = programs !== undefined;

/** A PostgreSQL in a folder of its own, on a Unix socket, as a user without rights: the server refuses to be root. */
export class PostgresServer implements AsyncDisposable {
  readonly folder = mkdtempSync(join(tmpdir(), "station-postgres-"));
  readonly #identity = identity();
  #end: Promise<unknown> | undefined;
  #stop = () => {};

  private constructor() {
    const { uid, gid } = this.#identity;
    if (uid !== undefined && gid !== undefined) chownSync(this.folder, uid, gid);
  }

  static async start(): Promise<PostgresServer> {
    const server = new PostgresServer();
    server.#run("initdb", ["--pgdata", server.#data, "--username", "station", "--auth", "trust", "--no-sync"]);
    await server.start();
    return server;
  }

  /** A new database, empty. */
  database(name: string): string {
    this.#run("createdb", ["--host", this.folder, "--username", "station", name]);
    return `postgres://station@localhost/${name}?host=${encodeURIComponent(this.folder)}`;
  }

  /** Listens when this ends. */
  async start(): Promise<void> {
    const options = ["-D", this.#data, "-k", this.folder, "-c", "listen_addresses=", "-c", "fsync=off"];
    const child = spawn(join(programs ?? "", "postgres"), options, { ...this.#identity, stdio: "ignore" });
    this.#end = new Promise((resolve) => child.once("close", resolve));
    // Fast shutdown: connections are cut off.
    this.#stop = () => child.kill("SIGINT");
    for (;;) {
      try {
        this.#run("pg_isready", ["--quiet", "--host", this.folder, "--timeout", "10"]);
        return;
      } catch {
        await systemClock.sleep(milliseconds(50));
      }
    }
  }

  async stop(): Promise<void> {
    this.#stop();
    await this.#end;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  get #data(): string {
    return join(this.folder, "data");
  }

  #run(program: string, parameters: readonly string[]): void {
    execFileSync(join(programs ?? "", program), [...parameters], { ...this.#identity, stdio: "pipe" });
  }
}

function identity(): { readonly uid?: number; readonly gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const id = (option: string) => Number(execFileSync("id", [option, "postgres"], { encoding: "utf8" }));
  return { uid: id("-u"), gid: id("-g") };
}
