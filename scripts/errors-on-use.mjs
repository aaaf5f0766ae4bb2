/** What a start with nothing to do has no use for unless something is wrong, and what stands for it. */
const onlyForErrors = [
  {
    file: /[\\/]error-table\.ts$/,
    contents: `const onUse = { get: (_, code) => require("./camera.cjs").errorTable[code] };
      export const errorTable = new Proxy({}, onUse);`,
  },
  {
    // A start that has something to warn of is for the whole program.
    file: /[\\/]model[\\/]warnings\.ts$/,
    contents: `export const warning = (code, detail) => require("./camera.cjs").warning(code, detail);`,
  },
  {
    // With the parser of jsonc-parser behind it.
    file: /[\\/]json[\\/]mistakes\.ts$/,
    contents: `export const mistakesIn = (text) => require("./camera.cjs").mistakesIn(text);`,
  },
];

/**
 * Takes these from the camera's bundle when they are used.
 *
 * @type {import("esbuild").Plugin}
 */
export const errorsOnUse = {
  name: "errors-on-use",
  setup(build) {
    for (const { file, contents } of onlyForErrors) build.onLoad({ filter: file }, () => ({ contents }));
    build.onResolve({ filter: /^\.\/camera\.cjs$/ }, ({ path }) => ({ path, external: true }));
  },
};
