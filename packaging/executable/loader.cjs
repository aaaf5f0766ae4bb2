// Behind the modules of the command in the single executable: finds them by the names that they have in dist/cli.
const { dirname, join } = require("node:path");

// Files that belong to the package, such as the ready scenarios, are looked for beside the executable.
const folder = join(dirname(process.execPath), "dist", "cli");
const loaded = new Map();

function load(name) {
  if (!(name in modules)) return require(name);
  const before = loaded.get(name);
  if (before !== undefined) return before.exports;
  const module = { exports: {} };
  loaded.set(name, module);
  modules[name](module, module.exports, load, folder);
  return module.exports;
}

function printLicenses() {
  const { getAsset } = require("node:sea");
  for (const name of ["thermal-provision.txt", "libraries.txt", "node.txt"])
    process.stdout.write(getAsset(name, "utf8"));
}

// The program ends a process that a look-up holds by starting "this executable -e process.exit(STATUS)" in its place.
if (process.argv[2] === "-e") process.exit(Number(/^process\.exit\((\d+)\)$/.exec(process.argv[3] ?? "")?.[1] ?? 64));
if (process.argv[2] === "--licenses") printLicenses();
else load("./thermal-provision.cjs");
