/** What the commands about a camera's folder load when they run: a file of its own in the package. */
export { inspect } from "../../inspect.ts";
export { provision } from "../../provision.ts";
export { dryRun } from "../dry-run.ts";
export { tellingFailures } from "../failure.ts";
export { explanation, listOfCodes, nearestCode } from "../report/explanation.ts";
export { ForPeople } from "../report/for-people.ts";
export { encodeInspection, inspectionForPeople } from "../report/inspection.ts";
export { jsonLines } from "../report/json-lines.ts";
export { Log } from "../report/log.ts";
export { resetForPeople } from "../report/reset.ts";
