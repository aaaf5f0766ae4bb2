/** What the commands about a camera's folder load when they run: a file of its own in the package. */
export { adopt } from "../../adopt.ts";
export { nodeFileSystem } from "../../files/disk/file-system.ts";
export { givenCredentials, readGivenCredentials } from "../../files/given-credentials.ts";
export { inspect, isProvisioned } from "../../inspect.ts";
export { provision } from "../../provision.ts";
export { decommissionCamera } from "../decommission/receipt.ts";
export { explanation, listOfCodes, nearestCode } from "../explain/explanation.ts";
export { labelCamera } from "../label/label-camera.ts";
export { printDryRun } from "../provision/dry-run.ts";
export { ForPeople } from "../provision/for-people.ts";
export { journalLines } from "../provision/journal-lines.ts";
export { jsonLines } from "../provision/json-lines.ts";
export { Log } from "../provision/log.ts";
export { reportFailures } from "../report/report-failures.ts";
export { purgeForPeople } from "../reset/purge-for-people.ts";
export { resetForPeople } from "../reset/reset-for-people.ts";
export { listBackups, restoreBackup } from "../restore/restore.ts";
export { encodeInspection, inspectionForPeople } from "../status/inspection-for-people.ts";
