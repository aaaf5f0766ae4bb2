/** What `thermal-provision simulator` loads when it reads or writes files: a file of its own in the package. */
export { nodeFileSystem } from "../../files/disk/file-system.ts";
export { whyNotWritable, writeJsonFile } from "../../files/json/json-file.ts";
export { readAuthority, readTls } from "../simulator/certificates.ts";
export { loadConfig } from "../simulator/config-file.ts";
export { listScenarios, loadScenario } from "../simulator/scenarios.ts";
export { keepState, loadState } from "../simulator/state-file.ts";
export { lockState } from "../simulator/state-lock.ts";
