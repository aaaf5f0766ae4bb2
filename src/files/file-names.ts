/** The names of the camera's files (docs/files.md). All are in one folder. */
export const triggerName = "provision.txt";
export const processedName = "provision.txt.processed";
export const credentialsName = "provision.json";
export const configName = "thermal_config.json";
export const statusName = "provisioning_status.json";
export const journalName = ".thermal-provision";
/** In the journal's folder. */
export const lastSuccessName = "last-success.json";

/** What has neither an ending nor a file that can be read may be a secret that was written under a wrong key. */
export function mayBeName(path: string): boolean {
  return /\.[a-z0-9]{2,5}$/i.test(path);
}
