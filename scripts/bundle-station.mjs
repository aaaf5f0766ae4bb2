// Bundles the factory station's library with the database drivers that it needs.
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";

/**
 * The station's library is one module that brings its database drivers along: who installs the package for a camera does
 * not install them. What it shares with the rest of the library stays outside.
 *
 * @param {string} folder
 */
export async function bundleStation(folder) {
  const esbuild = await import("esbuild");
  const entry = join(folder, "index.js");
  await esbuild.build({
    entryPoints: [entry],
    outfile: entry,
    allowOverwrite: true,
    bundle: true,
    platform: "node",
    target: "node22.13",
    format: "esm",
    plugins: [withoutNativeDrivers, outsideOf(resolve(folder))],
    // pg asks for Node's modules as CommonJS does.
    banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
    legalComments: "none",
    logLevel: "warning",
  });
  for (const file of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    if (file.endsWith(".js") && file !== "index.js") rmSync(join(folder, file));
  }
}

/**
 * Modules of ours in other folders are imported from where they are, and those of the library's dependencies installed.
 *
 * @param {string} folder
 * @returns {import("esbuild").Plugin}
 */
function outsideOf(folder) {
  return {
    name: "outside-stays-outside",
    setup(build) {
      build.onResolve({ filter: /^\.{1,2}\// }, ({ path, resolveDir }) => {
        const target = resolve(resolveDir, path);
        const isOurs = resolveDir === folder || resolveDir.startsWith(folder + sep);
        if (!isOurs || target.startsWith(folder + sep)) return undefined;
        return { path: `../${relative(dirname(folder), target).replaceAll(sep, "/")}`, external: true };
      });
      const installed = Object.keys(JSON.parse(readFileSync("package.json", "utf8")).dependencies);
      build.onResolve({ filter: new RegExp(`^(${installed.join("|")})$`) }, ({ path }) => ({ path, external: true }));
    },
  };
}

/**
 * pg can use a driver in C, and one of a hosting service, where somebody has installed them: nobody has.
 *
 * @type {import("esbuild").Plugin}
 */
export const withoutNativeDrivers = {
  name: "without-native-drivers",
  setup(build) {
    build.onResolve({ filter: /^(pg-native|pg-cloudflare)$/ }, ({ path }) => ({ path, namespace: "absent" }));
    build.onLoad({ filter: /.*/, namespace: "absent" }, () => ({ contents: "module.exports = {};" }));
  },
};
