import { isBuiltin } from "node:module";
import { dirname, join, normalize } from "node:path";
import { describe, expect, test } from "vitest";
import { describeModule, parseModule } from "./syntax.ts";
import { committedFiles, read, typeScriptFiles } from "./tree.ts";

/** The stations of the data's way, and what each may import beside itself (docs/architecture.md). */
const stations = {
  index: ["story", "files", "transport", "wire", "flow", "model", "base"],
  cli: ["simulator", "station", "story", "files", "transport", "wire", "flow", "model", "base"],
  simulator: ["wire", "model", "base"],
  station: ["story", "files", "transport", "wire", "flow", "model", "base"],
  story: ["files", "transport", "wire", "flow", "model", "base"],
  files: ["wire", "flow", "model", "base"],
  transport: ["wire", "flow", "model", "base"],
  wire: ["model", "base"],
  flow: ["model", "base"],
  model: ["base"],
  base: [],
} as const satisfies Record<string, readonly string[]>;

type Station = keyof typeof stations;

/** The only stations, or files, that may use a module of Node or of npm. What is not listed is free to all. */
const reserved: Readonly<Record<string, readonly (Station | `src/${string}.ts`)[]>> = {
  "node:child_process": ["files", "cli"],
  "node:dns": ["transport", "simulator"],
  "node:fs": ["files"],
  // The lock of a machine without flock(1) is an abstract socket, which carries nothing.
  "node:net": ["transport", "simulator", "src/files/disk/kernel-lock.ts"],
  // Of which the clock takes the time, the disk the user, the check of Node's version the version, and the words of a
  // closed way and of a key in a TPM the names of variables.
  "node:process": [
    "cli",
    "src/files/disk/file-system.ts",
    "src/files/tpm-key.ts",
    "src/base/clock.ts",
    "src/base/require-supported-node.ts",
    "src/transport/ignored-proxy.ts",
  ],
  "node:tls": ["transport", "simulator"],
  "jsonc-parser": ["files"],
  "mqtt-packet": ["simulator"],
  "csv-parse/sync": ["station"],
  kysely: ["station"],
  pg: ["station"],
  qr: ["cli"],
};

/** The only files that see a secret in the clear. A new one is a decision: it is added here, with a look at why. */
const revealing: readonly string[] = [
  // A private key is read as any other text.
  "src/files/client-certificate.ts",
  // A private key is written as any other text.
  "src/files/make-certificate.ts",
  "src/model/credentials.ts",
  // A secret that a caller hands over is checked as any other text; what is told of it is its kind.
  "src/model/entities.ts",
  "src/model/provisioning-request.ts",
  "src/model/provisioning-response.ts",
  "src/station/folder/camera-folder.ts",
  "src/station/ledger/postgres.ts",
  "src/station/server/device-api.ts",
  "src/station/station.ts",
  // A key goes to OpenSSL in the clear, and no further.
  "src/transport/tls-settings.ts",
  // A proxy is told in the clear who asks.
  "src/transport/tunnel.ts",
  "src/wire/provision-request.ts",
];

/** Tables and the like: long, but of one piece. */
const longFiles: readonly string[] = ["src/model/error-table.ts"];
const lineLimit = 250;

const vagueNames = /^(utils?|helpers?|core|lib|libs|common|misc|shared|types)(\.\w+)*$/;

const sources = typeScriptFiles("src");
const imports = sources.flatMap((from) => parseModule(from).imports.map((to) => ({ from, to })));
const relativeImports = imports
  .filter(({ to }) => to.startsWith("."))
  .map(({ from, to }) => ({ from, to: normalize(join(dirname(from), to)) }));

describe("the import rule", () => {
  test("a file imports its own folder or a lower line only", () => {
    const forbidden = relativeImports.filter(({ from, to }) => {
      const station = stationOf(from);
      return stationOf(to) !== station && !stations[station].some((lower) => lower === stationOf(to));
    });
    expect(forbidden).toEqual([]);
  });

  test("no two files import each other by whatever way, not even their types", () => {
    const inCircles = sources.filter((from) => reachedFrom(from).has(from));
    expect(inCircles.filter((path) => /^src\/(base|files|model|transport|wire)\//.test(path))).toEqual([]);
  });

  test("every import of a file is of a file that exists, named with its ending", () => {
    expect(relativeImports.filter(({ to }) => !sources.includes(to))).toEqual([]);
  });

  test("modules of Node and npm that belong to a station are used there only", () => {
    const forbidden = imports.filter(({ from, to }) => {
      const owners = reserved[moduleOf(to)];
      return owners !== undefined && !owners.some((owner) => owner === stationOf(from) || owner === from);
    });
    expect(forbidden).toEqual([]);
  });

  test("modules of Node are named with node:", () => {
    expect(imports.filter(({ to }) => isBuiltin(to) && !to.startsWith("node:"))).toEqual([]);
  });

  test("has files to judge", () => {
    expect(relativeImports.length).toBeGreaterThan(10);
  });
});

test("`process` is used in cli/ only", () => {
  const users = sources.filter((path) => {
    const { names, calledMethods } = parseModule(path);
    return names.has("process") || names.has("globalThis") || calledMethods.has("getBuiltinModule");
  });
  expect(users.filter((path) => stationOf(path) !== "cli")).toEqual([]);
});

/** Where chance comes in: everything else is given it, so that a test can play it. */
const takingChance = [
  "src/base/randomness.ts",
  "src/cli/demo/camera-folder.ts",
  "src/files/disk/file-system.ts",
  "src/files/disk/kernel-randomness.ts",
  "src/index.ts",
  "src/run/setting.ts",
  "src/simulator/server/server.ts",
  "src/station/station.ts",
];

test("chance of the system is taken in the listed files only", () => {
  const users = sources.filter((path) => {
    const { names } = parseModule(path);
    return ["systemRandomness", "randomBytes", "randomUUID"].some((name) => names.has(name));
  });
  expect(users.toSorted()).toEqual(takingChance);
});

test("a secret is revealed in the listed files only, and in each of them", () => {
  const users = sources.filter((path) => parseModule(path).calledMethods.has("reveal"));
  expect(users.toSorted()).toEqual(revealing.toSorted());
});

test(`no source is longer than ${lineLimit} lines, apart from the listed ones; no test than twice that`, () => {
  const files = committedFiles().filter((path) => /\.(ts|mjs)$/.test(path));
  const limitOf = (path: string) => (path.startsWith("test/") ? 2 * lineLimit : lineLimit);
  const long = files.filter((path) => read(path).split("\n").length > limitOf(path) + 1);
  expect(long.toSorted()).toEqual(longFiles.toSorted());
});

test("no folder or file has a name that says nothing", () => {
  expect(committedFiles().filter((path) => path.split("/").some((part) => vagueNames.test(part)))).toEqual([]);
});

describe("the parser behind these tests", () => {
  test("sees every way to name a module, and none in comments and texts", () => {
    const { imports } = describeModule(`
      import a from "./a.ts";
      import type { B } from "./b.ts";
      export type { C } from "./c.ts";
      export * from "./d.ts";
      const e = await import("./e.ts");
      type F = import("./f.ts").F;
      // import "./g.ts";
      const h = 'import "./h.ts"';
    `);
    expect(imports).toEqual(["./a.ts", "./b.ts", "./c.ts", "./d.ts", "./e.ts", "./f.ts"]);
  });

  test("tells the global `process` from a property of that name", () => {
    expect(describeModule("const exit = process.exit;").names).toContain("process");
    expect(describeModule("const { process: renamed } = device; device.process();").names).not.toContain("process");
  });

  test("sees a call of reveal, optional or not", () => {
    expect(describeModule("secret.reveal();").calledMethods).toContain("reveal");
    expect(describeModule("secret?.reveal();").calledMethods).toContain("reveal");
    expect(describeModule("// secret.reveal()").calledMethods).not.toContain("reveal");
  });
});

/** Every file that `from` imports, and what those import, and so on. */
function reachedFrom(from: string): ReadonlySet<string> {
  const reached = new Set<string>();
  const queue = [from];
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    for (const { to } of relativeImports.filter((each) => each.from === path)) {
      if (!reached.has(to)) queue.push(to);
      reached.add(to);
    }
  }
  return reached;
}

/** What a caller can ask for, and `src/run/`, which carries it out, tell the story together. */
const tellTheStory: readonly string[] = [
  "provision.ts",
  "inspect.ts",
  "dry-run.ts",
  "reset.ts",
  "restore.ts",
  "adopt.ts",
  "decommission.ts",
  "label.ts",
  "diagnostics.ts",
  "check.ts",
  "check",
  "run",
];

function stationOf(path: string): Station {
  const [, first = ""] = path.split("/");
  const name = tellTheStory.includes(first) ? "story" : first.replace(/\.ts$/, "");
  if (!isStation(name)) throw new Error(`${path} lies in no station of the data's way`);
  return name;
}

function isStation(name: string): name is Station {
  return Object.hasOwn(stations, name);
}

/** The module without its subpath: `node:fs/promises` is `node:fs`. */
function moduleOf(specifier: string): string {
  return specifier.startsWith("@") ? specifier : (specifier.split("/")[0] ?? specifier);
}
