import { execFile } from "node:child_process";
import { arch, platform, release } from "node:os";
import { versions } from "node:process";
import { check } from "../../check.ts";
import { type Diagnostics, diagnostics } from "../../diagnostics.ts";
import { createOnce } from "../../files/disk/durable-files.ts";
import { during } from "../../files/disk/file-error.ts";
import { nodeFileSystem } from "../../files/disk/file-system.ts";
import { privateRights } from "../../files/disk/rights.ts";
import { unitName } from "../../files/system.ts";
import { ProvisioningError } from "../../model/errors.ts";
import { encodeLine } from "../check/encode-line.ts";
import type { ExitStatus } from "../command/command.ts";
import type { Io } from "../io.ts";
import { printLines } from "../report/print.ts";
import { encodeInspection } from "../status/inspection-for-people.ts";

declare const PACKAGE_VERSION: string;

interface Choices {
  readonly directory: string;
  readonly output?: string;
  readonly withoutFiles: boolean;
  readonly withoutUnit: boolean;
  readonly withoutLog: boolean;
  readonly withoutCheck: boolean;
}

/** How the programs are asked that know more than the folder. Undefined: there is no such program, or it failed. */
export type Ask = (program: string, parameters: readonly string[]) => Promise<string | undefined>;

const properties = ["LoadState", "ActiveState", "SubState", "Result", "ExecMainStatus", "NRestarts", "UnitFileState"];
const lastLines = 200;

/** Prints the document, or writes it into a file of this user's own. */
export async function tellDiagnostics(choices: Choices, io: Io, ask: Ask = askProgram): Promise<ExitStatus> {
  const { directory, output } = choices;
  const found = await diagnostics({ directory, clock: io.clock });
  const document = `${JSON.stringify(await encode(found, choices, io, ask), null, 2)}\n`;
  if (output === undefined) io.out(document);
  else {
    write(output, document);
    printLines(io, [`${output} was written. Read it before you send it.`]);
  }
  return 0;
}

async function encode({ madeAt, inspection, files }: Diagnostics, choices: Choices, io: Io, ask: Ask) {
  return {
    thermal_provision_diagnostics: 1,
    made_at: madeAt.toISOString(),
    versions: {
      thermal_provision: PACKAGE_VERSION,
      node: versions.node,
      openssl: versions.openssl,
      system: `${platform()} ${release()} ${arch()}`,
    },
    status: encodeInspection(inspection),
    ...(choices.withoutCheck ? {} : { check: await checked(choices, io) }),
    ...(choices.withoutFiles ? {} : { files }),
    ...(choices.withoutUnit ? {} : { unit: await unitState(ask) }),
    ...(choices.withoutLog ? {} : { log: await log(ask) }),
  };
}

/** The lines of `check`, without what the server must be asked for. */
async function checked({ directory }: Choices, { clock, signal, environment }: Io) {
  const { CREDENTIALS_DIRECTORY: credentialsDirectory } = environment;
  const surroundings = { clock, ...(credentialsDirectory ? { credentialsDirectory } : {}) };
  const { lines, exitStatus } = await check({ directory, signal, surroundings });
  return { exit_status: exitStatus, lines: lines.map(encodeLine) };
}

async function unitState(ask: Ask): Promise<Readonly<Record<string, string>> | null> {
  const said = await ask("systemctl", ["show", unitName, `--property=${properties.join(",")}`]);
  if (said === undefined) return null;
  const pairs = said.split("\n").map((line) => line.split("=", 2));
  return Object.fromEntries(
    pairs.flatMap(([name = "", value = ""]) => (properties.includes(name) ? [[name, value]] : [])),
  );
}

async function log(ask: Ask): Promise<readonly string[] | null> {
  const said = await ask("journalctl", [
    "--unit",
    unitName,
    "--lines",
    `${lastLines}`,
    "--no-pager",
    "--output",
    "short-iso",
  ]);
  return said === undefined ? null : said.split("\n").filter((line) => line !== "");
}

const askProgram: Ask = (program, parameters) =>
  new Promise((resolve) => {
    const limits = { timeout: 10_000, maxBuffer: 1024 * 1024 };
    execFile(program, [...parameters], limits, (error, stdout) => resolve(error === null ? stdout : undefined));
  });

function write(path: string, text: string): void {
  during(`writing ${path}`, () => {
    const bytes = new TextEncoder().encode(text);
    const written = createOnce(nodeFileSystem, path, bytes, { rights: privateRights, withoutLinks: "exclusive" });
    if (written === "exists") throw new ProvisioningError("USAGE", `${path} is there already; name another file`);
  });
}
