// `npm run package:deb`: the Debian packages, by Debian's own tools (dpkg-dev and debhelper), in packages/. The same
// sources give the same bytes. `node scripts/package-deb.mjs --plain-only` leaves out those that bring a runtime.
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { date, output, sums } from "./package-output.mjs";
import { architectures, runtimeFor } from "./runtime.mjs";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));
const plainOnly = process.argv.includes("--plain-only");
const { version } = JSON.parse(readFileSync("package.json", "utf8"));
const workshop = resolve(".cache", "deb");
const tree = join(workshop, "tree");

/**
 * Where a shell looks for what completes the command, if it was made.
 *
 * @type {readonly (readonly [string, string])[]}
 */
const completions = [
  ["packaging/completions/thermal-provision.bash", "usr/share/bash-completion/completions/thermal-provision"],
  ["packaging/completions/_thermal-provision", "usr/share/zsh/vendor-completions/_thermal-provision"],
  ["packaging/completions/thermal-provision.fish", "usr/share/fish/vendor_completions.d/thermal-provision.fish"],
];

rmSync(workshop, { recursive: true, force: true });
layOut();
// dpkg's own order: what is for every processor, then each processor's.
build("--build=all");
if (!plainOnly) for (const architecture of architectures) buildFor(architecture);
collect();
await sums();

/** What goes into the packages, where it lies in a system, and debian/ beside it. */
function layOut() {
  const files = join(tree, "files");
  const library = join(files, "usr/lib/thermal-provision");
  // The factory station is no business of a camera, and larger than all the rest together.
  const isForCameras = (/** @type {string} */ file) => basename(file) !== "station.cjs";
  cpSync("dist/cli", join(library, "dist/cli"), { recursive: true, filter: isForCameras });
  cpSync("package.json", join(library, "package.json"));
  cpSync("examples/scenarios", join(library, "examples/scenarios"), { recursive: true });
  cpSync("schema", join(files, "usr/share/thermal-provision/schema"), { recursive: true });
  for (const [from, to] of completions) {
    if (existsSync(from)) cpSync(from, join(files, to), { recursive: true });
  }
  cpSync("packaging/debian", join(tree, "debian"), { recursive: true });
  for (const name of ["thermal-provision", "thermal-provision-standalone"]) layOutFor(name);
  rmSync(join(tree, "debian/prerm"));
  writeFileSync(join(tree, "debian/changelog"), changelog());
}

/** @param {string} name of a package: what debhelper finds by it */
function layOutFor(name) {
  const debian = join(tree, "debian");
  const docs = readdirSync("docs", { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".md"));
  for (const file of docs) cpSync(join("docs", file), join(tree, "docs", file));
  cpSync("dist/cli/third-party-licenses.txt", join(tree, "third-party-licenses.txt"));
  cpSync("README.md", join(tree, "README.md"));
  writeFileSync(join(debian, `${name}.docs`), "docs\nREADME.md\nthird-party-licenses.txt\n");
  cpSync("packaging/debian/prerm", join(debian, `${name}.prerm`));
  for (const kind of ["service", "path"]) {
    const unit = `thermal-provision.${kind}`;
    cpSync(join("packaging/systemd", unit), join(debian, `${name}.${unit}`));
  }
  for (const kind of ["sysusers", "tmpfiles"]) {
    cpSync(`packaging/${kind}/thermal-provision.conf`, join(debian, `${name}.${kind}`));
  }
  if (!existsSync("packaging/man")) return;
  cpSync("packaging/man", join(tree, "man"), { recursive: true });
  const pages = readdirSync("packaging/man").filter((page) => /\.\d$/.test(page));
  writeFileSync(join(debian, `${name}.manpages`), pages.map((page) => `man/${page}\n`).join(""));
}

function changelog() {
  const who = /^Maintainer: (.*)$/m.exec(readFileSync("packaging/debian/control", "utf8"))?.[1];
  const when = `${date.toUTCString().replace("GMT", "+0000")}`;
  return `thermal-provision (${version}) unstable; urgency=medium\n\n  * See CHANGELOG.md.\n\n -- ${who}  ${when}\n`;
}

/** @param {import("./runtime.mjs").Architecture} architecture */
function buildFor(architecture) {
  const runtime = runtimeFor(architecture);
  const place = join(tree, "runtime", architecture);
  mkdirSync(place, { recursive: true });
  cpSync(join(runtime, "bin/node"), join(place, "node"));
  cpSync(join(runtime, "LICENSE"), join(place, "LICENSE"));
  // Nothing is compiled: the tools of the other processor are not needed.
  build("--build=any", `--host-arch=${architecture}`, "--no-check-builddeps");
}

/** @param {string[]} options */
function build(...options) {
  execFileSync("dpkg-buildpackage", ["--no-sign", "--no-pre-clean", ...options], {
    cwd: tree,
    stdio: ["ignore", "ignore", "inherit"],
    env: { ...process.env, SOURCE_DATE_EPOCH: String(date.getTime() / 1000), LC_ALL: "C.UTF-8" },
  });
}

function collect() {
  const built = readdirSync(workshop).filter((file) => file.endsWith(".deb"));
  mkdirSync(output, { recursive: true });
  for (const file of built) {
    renameSync(join(workshop, file), join(output, file));
    process.stdout.write(`${join(basename(output), file)}\n`);
  }
  rmSync(workshop, { recursive: true });
}
