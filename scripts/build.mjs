// Builds dist/: the library with tsc (modules and declarations), the command line with esbuild (a few files).
// Everything is built beside dist/ and swapped in at the end: a failed build leaves the last good one in place.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundleStation, withoutNativeDrivers } from "./bundle-station.mjs";
import { errorsOnUse } from "./errors-on-use.mjs";
import { buildPage, readyScenarios } from "./page.mjs";
import { withoutDebugOutput } from "./without-debug-output.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const unfinished = "dist.unfinished";
const commandName = "thermal-provision";
const bundles = join("src", "cli", "bundles");
const stamp = "sources.sha256";

/** Bundles in which names are shortened: the demo and the simulator run on no camera. */
const shortened = ["demo", "simulator", "simulator-files"];

/** What most starts of a camera load, and so the smallest: as in the program, the words for every error stay out of it. */
const wordless = "rest";

/** What dist/ is made from; when none of it changed, dist/ is current. */
const sources = [
  "src",
  readyScenarios,
  "package.json",
  "package-lock.json",
  "tsconfig.json",
  "tsconfig.build.json",
  "scripts/build.mjs",
  "scripts/bundle-station.mjs",
  "scripts/errors-on-use.mjs",
  "scripts/page.mjs",
  "scripts/without-debug-output.mjs",
];

/** @returns {boolean} whether dist/ was built from the sources as they are now */
export function isBuilt() {
  const path = join("dist", stamp);
  return existsSync(path) && readFileSync(path, "utf8") === sourcesHash();
}

export async function build() {
  const hash = sourcesHash();
  rmSync(unfinished, { recursive: true, force: true });
  const page = await buildPage();
  buildLibrary();
  await putPageInto(join(unfinished, "simulator", "http", "page.js"), page);
  await bundleStation(join(unfinished, "station"));
  await buildCommandLine(join(unfinished, "cli"), page);
  writeFileSync(join(unfinished, stamp), hash);
  rmSync("dist", { recursive: true, force: true });
  renameSync(unfinished, "dist");
}

function buildLibrary() {
  const compiler = join("node_modules", "typescript", "bin", "tsc");
  const { status } = spawnSync(process.execPath, [compiler, "-p", "tsconfig.build.json", "--outDir", unfinished], {
    stdio: ["ignore", 2, 2],
  });
  if (status !== 0) throw new Error("the library does not compile (see above)");
}

/**
 * @param {string} module what the compiler made of it
 * @param {string} page
 */
async function putPageInto(module, page) {
  const { transform } = await import("esbuild");
  const { code } = await transform(readFileSync(module, "utf8"), { define: { SIMULATOR_PAGE: JSON.stringify(page) } });
  writeFileSync(module, code);
}

/**
 * A few CommonJS files: what looks at Node's version, in the syntax of old ones; the program, which is small; and the
 * bundles that its commands load when they run. That starts in half the time of separate ES modules. A provisioning loads all
 * that it may need before it begins, so that a package which is replaced in the middle of it cannot stop it.
 *
 * @param {string} outdir
 * @param {string} page
 */
async function buildCommandLine(outdir, page) {
  const esbuild = await import("esbuild");
  const { version } = JSON.parse(readFileSync("package.json", "utf8"));
  const names = readdirSync(bundles).map((file) => file.replace(/\.ts$/, ""));
  const plugins = [bundlesApart, withoutDebugOutput, withoutNativeDrivers, modulesOnUse, parserAlone];
  /** @type {import("esbuild").BuildOptions & {metafile: true}} */
  const shared = {
    outdir,
    outExtension: { ".js": ".cjs" },
    bundle: true,
    metafile: true,
    platform: "node",
    target: "node20.19",
    format: "cjs",
    // jsonc-parser's CommonJS form hides its own imports from bundlers, its ES modules do not.
    mainFields: ["module", "main"],
    // mqtt-packet asks for the npm copy of Node's streams: 20 ms of start-up for what Node has built in.
    alias: { "readable-stream": "node:stream" },
    plugins,
    // import() of a built-in module would start Node's loader of ES modules; what is required is there already.
    supported: { "dynamic-import": false },
    // Node reads every byte at each start. Names stay, for those who read a stack trace.
    minifyWhitespace: true,
    minifySyntax: true,
    define: { PACKAGE_VERSION: JSON.stringify(version), SIMULATOR_PAGE: JSON.stringify(page) },
    legalComments: "none",
    logLevel: "warning",
  };
  const bundle = (/** @type {string} */ name) => ({ in: join(bundles, `${name}.ts`), out: name });
  const own = names.filter((name) => !shortened.includes(name) && name !== wordless).map(bundle);
  const built = [
    await esbuild.build({ ...shared, entryPoints: own }),
    await esbuild.build({ ...shared, entryPoints: shortened.map(bundle), minifyIdentifiers: true }),
    await esbuild.build({
      ...shared,
      entryPoints: [{ in: "src/cli/main.ts", out: "main" }, bundle(wordless)],
      plugins: [errorsOnUse, ...plugins],
    }),
  ];
  await esbuild.build({
    entryPoints: [{ in: "src/cli/launch.ts", out: commandName }],
    outdir,
    outExtension: { ".js": ".cjs" },
    bundle: true,
    external: ["./main.cjs", "./rest.cjs"],
    platform: "node",
    target: "es5",
    format: "cjs",
    minifyWhitespace: true,
    logLevel: "warning",
  });
  writeFileSync(
    join(outdir, "third-party-licenses.txt"),
    licensesOf(built.flatMap(({ metafile }) => Object.keys(metafile.inputs))),
  );
  chmodSync(join(outdir, `${commandName}.cjs`), 0o755);
}

/**
 * What a command loads stays a file of its own.
 *
 * @type {import("esbuild").Plugin}
 */
const bundlesApart = {
  name: "bundles-apart",
  setup(build) {
    build.onResolve({ filter: /\/bundles\/[\w-]+\.ts$/ }, ({ path, kind }) =>
      kind === "dynamic-import" ? { path: `./${basename(path, ".ts")}.cjs`, external: true } : undefined,
    );
  },
};

/** What most starts do without, at least at first. */
const loadedOnUse = [
  ...[
    "node:child_process",
    "node:crypto",
    "node:http",
    "node:inspector",
    "node:os",
    "node:readline",
    "node:timers/promises",
    "node:tls",
  ],
  "node:zlib",
  "mqtt-packet",
];

/**
 * Loads these modules, some with a dozen others behind them, when one of their names is used.
 *
 * @type {import("esbuild").Plugin}
 */
const modulesOnUse = {
  name: "modules-on-use",
  setup(build) {
    const namespace = "on-use";
    build.onResolve({ filter: new RegExp(`^(${loadedOnUse.join("|")})$`) }, ({ path, kind, namespace: importer }) => {
      if (importer !== namespace && kind === "import-statement") return { path, namespace };
      return isBuiltin(path) ? { path, external: true } : { path: fileURLToPath(import.meta.resolve(path)) };
    });
    // Behind the module stands what finds its names: esbuild copies what a module has itself, and there are a hundred.
    build.onLoad({ filter: /.*/, namespace }, ({ path }) => ({
      contents: `const onUse = { get: (_, name) => require(${JSON.stringify(path)})[name] };
        module.exports = Object.create(new Proxy({}, onUse));`,
    }));
  },
};

/**
 * Of jsonc-parser the parser is used, and not what formats: that makes 1,200 texts when it is loaded, which takes as long
 * as reading a configuration does.
 *
 * @type {import("esbuild").Plugin}
 */
const parserAlone = {
  name: "parser-alone",
  setup(build) {
    build.onResolve({ filter: /^\.\/(impl\/)?(edit|format|string-intern)$/ }, ({ path, importer }) =>
      importer.includes("jsonc-parser")
        ? { path: join(dirname(importer), `${path}.js`), sideEffects: false }
        : undefined,
    );
  },
};

/**
 * Bundled packages ask that their licence travels with them.
 *
 * @param {readonly string[]} bundledFiles
 */
function licensesOf(bundledFiles) {
  const packages = new Set(bundledFiles.flatMap((file) => file.match(/^.*node_modules\/(?:@[^/]+\/)?[^/]+/) ?? []));
  const texts = [...packages].sort().map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
    const text = file ? readFileSync(join(folder, file), "utf8").trim() : "";
    return `${name} ${version} (${license})\n\n${text}\n`;
  });
  return texts.join(`\n${"-".repeat(78)}\n\n`);
}

function sourcesHash() {
  const hash = createHash("sha256").update(process.arch + process.platform);
  for (const path of sources.flatMap(filesBelow)) hash.update(path).update("\0").update(readFileSync(path));
  return hash.digest("hex");
}

/**
 * @param {string} path
 * @returns {string[]}
 */
function filesBelow(path) {
  if (/\.\w+$/.test(path)) return [path];
  const entries = readdirSync(path, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return files.sort();
}

// `npm run build`
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.chdir(root);
  await build();
}
