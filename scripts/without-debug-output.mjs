// A part of every build of the command, those of the tests included.

/**
 * mqtt-packet prints every packet, passwords included, when the environment says DEBUG=*: never in our command. What the
 * library does against it at run time is left out with it.
 *
 * @type {import("esbuild").Plugin}
 */
export const withoutDebugOutput = {
  name: "without-debug-output",
  setup(build) {
    build.onResolve({ filter: /^debug$/ }, () => ({ path: "debug", namespace: "silent" }));
    build.onLoad({ filter: /.*/, namespace: "silent" }, () => ({ contents: "module.exports = () => () => {};" }));
    build.onLoad({ filter: /without-debug-output\.ts$/ }, () => ({
      contents: "export const withoutDebugOutput = (work) => work();",
    }));
  },
};
