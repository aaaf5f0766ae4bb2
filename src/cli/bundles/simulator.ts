/** What `thermal-provision simulator` loads when it runs, and the demo for its server: a file of its own in the package. */
export { Simulator } from "../../simulator/index.ts";
export { simulate } from "../simulator/simulate.ts";
