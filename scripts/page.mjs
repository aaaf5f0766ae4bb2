// The simulator's page in one file: index.html with the style and the script put into it, and the ready scenarios.
import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const source = join(root, "src/simulator/page");

/** Of what it is made, besides src/. */
export const readyScenarios = "examples/scenarios";

/** @returns {Promise<string>} */
export async function buildPage() {
  const { build, transform } = await import("esbuild");
  const html = readFileSync(join(source, "index.html"), "utf8").replaceAll(/>\n+</g, "><");
  const styles = ["style.css", "conversation.css"].map((file) => readFileSync(join(source, file), "utf8"));
  const style = await transform(styles.join(""), { loader: "css", minify: true });
  const script = await build({
    entryPoints: [join(source, "main.ts")],
    bundle: true,
    write: false,
    minify: true,
    format: "iife",
    target: "es2022",
    define: { READY_SCENARIOS: JSON.stringify(scenarios()) },
    legalComments: "none",
    logLevel: "warning",
  });
  // By functions: what is put in is not looked at for `$`.
  return html
    .replace("<style></style>", () => `<style>${style.code.trim()}</style>`)
    .replace("<script></script>", () => `<script>${script.outputFiles[0]?.text.trim()}</script>`)
    .trim();
}

function scenarios() {
  const folder = join(root, readyScenarios);
  const files = readdirSync(folder).filter((file) => file.endsWith(".json"));
  return files.sort().map((file) => {
    const { description, behaviours } = JSON.parse(readFileSync(join(folder, file), "utf8"));
    return { name: basename(file, ".json"), description, behaviours };
  });
}
