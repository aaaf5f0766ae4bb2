/**
 * Makes the files, and parts of files, that are made from the source: `npm run generate`. With
 * `--check` it writes nothing, shows what differs, and fails when something does.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { apiReport } from "./generate-api-report.ts";
import { auditPage } from "./generate-audit.ts";
import { commandsPage } from "./generate-commands.ts";
import { bashCompletion, fishCompletion, zshCompletion } from "./generate-completions.ts";
import { diagrams } from "./generate-diagrams.ts";
import { errorsPage } from "./generate-errors.ts";
import { filesPage } from "./generate-files-page.ts";
import { manualPage } from "./generate-man.ts";
import { schemas } from "./generate-schemas.ts";
import { screensPage } from "./generate-screens.ts";
import { setUpsPage } from "./generate-set-ups.ts";
import { simulatorPage } from "./generate-simulator-page.ts";
import { specificationPage } from "./generate-specification.ts";
import { tlsServersPage } from "./generate-tls-servers.ts";

const generated: ReadonlyMap<string, string> = new Map([
  ["docs/api-report.md", apiReport()],
  ["docs/errors.md", errorsPage()],
  ["docs/files.md", filesPage()],
  ["docs/screens.md", await screensPage()],
  ["docs/set-ups.md", setUpsPage()],
  ["docs/simulator.md", simulatorPage()],
  ["docs/specification.md", specificationPage()],
  ["docs/specification-audit.md", auditPage()],
  ["docs/tls-servers.md", tlsServersPage()],
  ...diagrams(),
  ["docs/commands.md", commandsPage()],
  ["packaging/man/thermal-provision.1", manualPage()],
  ["packaging/completions/thermal-provision.bash", bashCompletion()],
  ["packaging/completions/_thermal-provision", zshCompletion()],
  ["packaging/completions/thermal-provision.fish", fishCompletion()],
  ...schemas(),
]);

const outdated = [...generated].filter(([path, text]) => !existsSync(path) || readFileSync(path, "utf8") !== text);

if (process.argv.includes("--check")) {
  for (const [path, text] of outdated) {
    const committed = existsSync(path) ? path : "/dev/null";
    spawnSync("git", ["diff", "--no-index", committed, "-"], { input: text, stdio: ["pipe", "inherit", "inherit"] });
    process.stdout.write(`${path} is not what the model says: run \`npm run generate\`\n`);
  }
  process.exitCode = outdated.length === 0 ? 0 : 1;
} else {
  for (const [path, text] of outdated) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    process.stdout.write(`${path} written\n`);
  }
}
