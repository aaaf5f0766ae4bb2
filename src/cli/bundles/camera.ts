/** What the commands about a camera's folder load when they run: a file of its own in the package. */
export { adopt } from "../../adopt.ts";
export { check } from "../../check.ts";
export { nodeFileSystem } from "../../files/disk/file-system.ts";
export { givenCredentials, readGivenCredentials } from "../../files/given-credentials.ts";
/** @public The small file with the start of a run takes it from here when a file is no JSON: `scripts/errors-on-use.mjs`. */
export { mistakesIn } from "../../files/json/mistakes.ts";
export { inspect, isProvisioned } from "../../inspect.ts";
/** @public The small file with the start of a run takes it from here when it has to tell an error: `scripts/errors-on-use.mjs`. */
export { errorTable } from "../../model/error-table.ts";
/** @public The same for a warning. */
export { warning } from "../../model/warnings.ts";
export { LinesForPeople, outcomeForPeople } from "../check/check-for-people.ts";
export { encodeLine } from "../check/encode-line.ts";
export { decommissionCamera } from "../decommission/receipt.ts";
export { tellDiagnostics } from "../diagnostics/tell-diagnostics.ts";
export { explanation, listOfCodes, nearestCode } from "../explain/explanation.ts";
export { labelCamera } from "../label/label-camera.ts";
export { askProgram } from "../provision/certificate-command.ts";
export { printDryRun } from "../provision/dry-run.ts";
export { ForPeople } from "../provision/for-people.ts";
export { jsonLines } from "../provision/json-lines.ts";
export { tellProvisioning } from "../provision/tell-provisioning.ts";
export { reportFailures } from "../report/report-failures.ts";
export { purgeForPeople } from "../reset/purge-for-people.ts";
export { resetForPeople } from "../reset/reset-for-people.ts";
export { listBackups, putBack } from "../restore/restore.ts";
export { encodeInspection, inspectionForPeople } from "../status/inspection-for-people.ts";
export { writeMetrics } from "../status/metrics.ts";
