/** What `thermal-provision simulator` loads when it reads or writes files: a file of its own in the package. */
export { nodeFileSystem } from "../../files/disk/file-system.ts";
export { whyNotWritable, writeJsonFile } from "../../files/json/json-file.ts";
export { readAuthority, readTls } from "../simulation/certificates.ts";
export { loadConfig } from "../simulation/config-file.ts";
export { listScenarios, loadScenario } from "../simulation/scenarios.ts";
export { keepState, loadState } from "../simulation/state-file.ts";
export { lockState } from "../simulation/state-lock.ts";
