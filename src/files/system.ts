import { spawnSync } from "node:child_process";
import { accessSync, constants, readdirSync, readlinkSync } from "node:fs";
import { userInfo } from "node:os";
import { join } from "node:path";
import { nodeFileSystem } from "./disk/file-system.ts";
import { journalName } from "./file-names.ts";

/** The service that runs the program at boot, as systemd tells of it. */
export interface ServiceUnit {
  /** Whose processes it starts: `thermal-camera`. */
  readonly user: string;
  /** `active`, `inactive`, `failed`, … */
  readonly activeState: string;
  /** `success`, `exit-code`, `signal`, … */
  readonly result: string;
  /** `enabled`, `disabled`, `static`, … */
  readonly fileState: string;
}

/** What the operating system tells besides the camera's files. Nothing here changes anything. */
export interface System {
  /** access(2): whether this user could write there; the error tells why not. */
  mayWrite(path: string): Error | undefined;
  /** This user's number and name. */
  user(): { readonly number: number; readonly name: string };
  hasFlock(): boolean;
  /** The processes, seen by this user, that have the journal of `directory` open. */
  processesAt(directory: string): readonly number[];
  /** Undefined where systemd is not at work, or has no such unit. */
  unit(): ServiceUnit | undefined;
}

export const unitName = "thermal-provision.service";
/** systemd answers at once, or it hangs. */
const patience = 2000;

export const nodeSystem: System = {
  mayWrite(path) {
    try {
      accessSync(path, constants.W_OK | constants.X_OK);
      return undefined;
    } catch (error) {
      return error instanceof Error ? error : new Error("access(2) failed");
    }
  },
  user() {
    try {
      const { uid, username } = userInfo();
      return { number: uid, name: username };
    } catch {
      // Numbers without a name are usual in containers.
      const number = nodeFileSystem.user();
      return { number, name: `${number}` };
    }
  },
  hasFlock: () => spawnSync("flock", ["--version"], { stdio: "ignore" }).status === 0,
  processesAt(directory) {
    const journal = join(directory, journalName);
    return entriesOf("/proc")
      .filter((name) => /^\d+$/.test(name))
      .filter((name) => entriesOf(`/proc/${name}/fd`).some((each) => targetOf(`/proc/${name}/fd/${each}`) === journal))
      .map(Number);
  },
  unit() {
    const properties = ["LoadState", "User", "ActiveState", "Result", "UnitFileState"];
    const { status, stdout } = spawnSync("systemctl", ["show", `--property=${properties.join(",")}`, unitName], {
      stdio: ["ignore", "pipe", "ignore"],
      encoding: "utf8",
      timeout: patience,
    });
    return status === 0 ? parseUnit(stdout) : undefined;
  },
};

/** The output of `systemctl show`: a line `Key=value` for each property. */
export function parseUnit(text: string): ServiceUnit | undefined {
  const values = new Map(text.split("\n").map((line) => [line.split("=", 1)[0] ?? "", line.replace(/^[^=]*=/, "")]));
  const of = (name: string) => values.get(name) ?? "";
  if (of("LoadState") !== "loaded") return undefined;
  return {
    user: of("User") === "" ? "root" : of("User"),
    activeState: of("ActiveState"),
    result: of("Result"),
    fileState: of("UnitFileState"),
  };
}

function entriesOf(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function targetOf(link: string): string | undefined {
  try {
    return readlinkSync(link);
  } catch {
    return undefined;
  }
}
