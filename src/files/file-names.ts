/** The names of the camera's files (docs/files.md). All are in one folder. */
export const triggerName = "provision.txt";
export const processedName = "provision.txt.processed";
export const credentialsName = "provision.json";
export const configName = "thermal_config.json";
export const statusName = "provisioning_status.json";
export const journalName = ".thermal-provision";
