/** What `thermal-provision station` loads when it runs: a file of its own in the package. */
export { runStationProgram } from "../station/station-program.ts";
