import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { resolve } from "node:path";
import { build, type Plugin } from "esbuild";
import { withoutDebugOutput } from "../../../scripts/without-debug-output.mjs";

/** One change to the program's source: a rule that is broken on purpose. */
export interface Change {
  /** Below src/. */
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

const folder = "node_modules/.cache/thermal-provision";

/** A build of the command that vanishes when it is disposed of. */
export interface Variant extends Disposable {
  readonly command: string;
}

/**
 * Builds the command with some changes. Throws when a text that is to be changed is not there
 * exactly once: then the source has moved on, and the variant would prove nothing.
 */
export async function buildVariant(name: string, changes: readonly Change[]): Promise<Variant> {
  mkdirSync(folder, { recursive: true });
  const digest = createHash("sha256").update(JSON.stringify(changes)).digest("hex").slice(0, 8);
  const outfile = resolve(folder, `${name}-${digest}-${process.pid}.cjs`);
  await build({
    entryPoints: ["src/cli/main.ts"],
    outfile,
    bundle: true,
    platform: "node",
    target: "node20.19",
    format: "cjs",
    mainFields: ["module", "main"],
    alias: { "readable-stream": "node:stream" },
    define: { PACKAGE_VERSION: '"0.0.0"' },
    plugins: [withoutDebugOutput, changing(changes)],
    logLevel: "silent",
  });
  return { command: outfile, [Symbol.dispose]: () => rmSync(outfile) };
}

function changing(changes: readonly Change[]): Plugin {
  return {
    name: "changing",
    setup(builder) {
      builder.onLoad({ filter: /\/src\/.*\.ts$/ }, ({ path }) => {
        const mine = changes.filter(({ file }) => path.endsWith(`/src/${file}`));
        if (mine.length === 0) return undefined;
        return { contents: mine.reduce(changed, readFileSync(path, "utf8")), loader: "ts" };
      });
    },
  };
}

function changed(source: string, { file, from, to }: Change): string {
  const [before, after, ...rest] = source.split(from);
  if (before === undefined || after === undefined || rest.length > 0) {
    throw new Error(`src/${file} does not hold ${JSON.stringify(from)} exactly once`);
  }
  return before + to + after;
}

/** A command that finds no lock anywhere. */
export const withoutLock: readonly Change[] = [
  {
    file: "files/disk/kernel-lock.ts",
    from: 'switch (flock("-x", folder)) {\n    case "locked":',
    to: 'if (folder > 0) return "unavailable";\n  switch (flock("-x", folder)) {\n    case "locked":',
  },
];
