/** What `thermal-provision simulator` loads when it runs: a file of its own in the package. */
export { simulate } from "../simulator/simulate.ts";
