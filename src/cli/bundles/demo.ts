/** What `thermal-provision demo` loads when it runs: a file of its own in the package. */
export { runDemo } from "../demo/demo.ts";
