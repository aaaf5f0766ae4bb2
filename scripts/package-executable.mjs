// `npm run package:executable`: one file for amd64 and one for arm64 with Node.js, the command and the licences inside
// (Node's single executable application), in packages/, and compressed beside it.
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { output, sums } from "./package-output.mjs";
import { architectures, runtimeFor } from "./runtime.mjs";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));
const { version } = JSON.parse(readFileSync("package.json", "utf8"));
const workshop = resolve(".cache", "executable");
const here = process.arch === "arm64" ? "arm64" : "amd64";

rmSync(workshop, { recursive: true, force: true });
mkdirSync(workshop, { recursive: true });
mkdirSync(output, { recursive: true });
writeFileSync(join(workshop, "program.cjs"), program());
for (const architecture of architectures) build(architecture);
rmSync(workshop, { recursive: true });
await sums();

/** The files of dist/cli in one, each still a module that runs when it is first asked for. */
function program() {
  const files = readdirSync("dist/cli").filter((file) => file.endsWith(".cjs"));
  const modules = files.map((file) => {
    const text = readFileSync(join("dist/cli", file), "utf8").replace(/^#!.*/, "");
    return `${JSON.stringify(`./${file}`)}(module, exports, require, __dirname) {${text}\n},`;
  });
  const loader = readFileSync("packaging/executable/loader.cjs", "utf8");
  return `const modules = {\n${modules.join("\n")}\n};\n${loader}`;
}

/** @param {import("./runtime.mjs").Architecture} architecture */
function build(architecture) {
  const runtime = runtimeFor(architecture);
  const name = `thermal-provision-${version}-linux-${architecture}`;
  const settings = join(workshop, `${architecture}.json`);
  const result = {
    main: join(workshop, "program.cjs"),
    output: resolve(output, name),
    executable: join(runtime, "bin/node"),
    disableExperimentalSEAWarning: true,
    // What V8 makes of the program is for one processor: only for the one that builds.
    useCodeCache: architecture === here,
    assets: {
      "thermal-provision.txt": resolve("LICENSE"),
      "libraries.txt": resolve("dist/cli/third-party-licenses.txt"),
      "node.txt": join(runtime, "LICENSE"),
    },
  };
  writeFileSync(settings, JSON.stringify(result));
  execFileSync(join(runtimeFor(here), "bin/node"), ["--build-sea", settings], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  // Without name and time: the same bytes for everybody.
  execFileSync("gzip", ["--force", "--keep", "--no-name", result.output]);
  process.stdout.write(`${join(output, name)}\n${join(output, name)}.gz\n`);
}
