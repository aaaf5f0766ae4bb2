/** A row of the warning table: what was noticed, and what to do about it. */
export interface WarningKind {
  readonly meaning: string;
  readonly remedy: string;
}

/** Everything that does not stop a run but that somebody should know. */
export const warningTable = {
  PLAIN_TEXT: {
    meaning: "The connection is not encrypted: key, secret and token can be read on the way.",
    remedy: "Use the server's TLS port, usually 8883; --require-tls refuses plain text.",
  },
  PLAIN_TEXT_ON_TLS_PORT: {
    meaning: "Plain text is asked for on port 8883, which is the port of TLS almost everywhere.",
    remedy: 'Write "use_ssl": true; --require-tls refuses plain text before key and secret are sent.',
  },
  TLS_NAMED_BY_COMMON_NAME: {
    meaning:
      "The server's certificate has no subject alternative name; it is accepted because ca_file holds this very certificate.",
    remedy: "Have it made again with a subject alternative name.",
  },
  PROXY_IN_THE_WAY: {
    meaning: "The server is reached through a proxy, which the camera's own client must use, too.",
    remedy:
      "Have the camera's programs read server.proxy in thermal_config.json; its user name and password are not there.",
  },
  SHORT_TIMEOUT: {
    meaning: "timeout_seconds is under 25; a real server may answer only after 20.",
    remedy: "Raise timeout_seconds.",
  },
  NO_DEVICE_ID: {
    meaning: "The server did not tell the device its id, so device_id is null. Everything else works.",
    remedy:
      "Add the rule chain of docs/device-id.md on the server, then put provision.txt into the folder once more: that fills the id in.",
  },
  NO_DEVICE_NAME: {
    meaning: "thermal_config.json holds credentials that work, but no usable device_name; it was left as it is.",
    remedy: "Look up the device's name on the server, by its id or its token, and put it into thermal_config.json.",
  },
  DEVICE_ID_INVALID: {
    meaning: "The shared attribute deviceId on the server is not a UUID; it was ignored.",
    remedy: "Look at the device's shared attributes on the server.",
  },
  TOKEN_NOT_BASE64: {
    meaning: "The server's access token is not base64, as the specification expects; it works all the same.",
    remedy: "Nothing, unless other software on the camera insists on base64.",
  },
  LOGIN_WITHOUT_SECRET: {
    meaning: "The server lets this device in by its client id or user name alone: it looks at no password.",
    remedy: "Give the device credentials with a user name and a password on the server.",
  },
  NAME_UNCERTAIN: {
    meaning: "Several names were tried and the answer was lost: which of them the device has is not known.",
    remedy: "Look for the device on the server by its token, or by the names in the log.",
  },
  CLAIM_OPEN: {
    meaning:
      "The credentials known in advance work and are in use; that they are those of the device with this name is only what provision.json says, and the server has not said that it is claimed.",
    remedy:
      "Compare the device of these credentials on the server with device_name. As long as it is not claimed, another camera with the same key, secret and name can get its credentials.",
  },
  UNFINISHED_ELSEWHERE: {
    meaning:
      "A provisioning for another server is unfinished. If that is this server under another name, it may have a device of this camera already, and this run would make a second one.",
    remedy:
      "Is it the same server, write the former name into server_url again, and let that run end. Else nothing; thermal-provision status shows it.",
  },
  SERVER_RECOGNISED: {
    meaning:
      "The server is one that a provisioning was begun with under another name; it goes on under this one, with the same device name and credentials.",
    remedy: "Nothing; no second device arises.",
  },
  CLIENT_CERTIFICATE_ENDS: {
    meaning:
      "The camera's own certificate ends soon, or has ended, by the camera's clock: then the server lets it in no more.",
    remedy: "Have a new one made for client_certificate_file, and tell the server of it, before the old one ends.",
  },
  CREDENTIALS_REPLACED: {
    meaning: "The credentials in thermal_config.json were refused twice; a new device is provisioned.",
    remedy: "Look on the server for the former device and delete it.",
  },
  TRIGGER_MISNAMED: {
    meaning: "There is no provision.txt, but a file with nearly that name.",
    remedy: "Rename it to provision.txt, in small letters and with one ending, to have this camera provisioned.",
  },
  DEVICE_LEFT_BEHIND: {
    meaning:
      "thermal_config.json holds the credentials of another device. This provisioning replaces them; that device stays on its server.",
    remedy:
      "Delete that device there, if it is not needed, once the camera has its new credentials. The newest backup keeps the old ones.",
  },
  INTENT_SET_ASIDE: {
    meaning: "An unfinished provisioning was put aside, not deleted.",
    remedy: "If its device exists on the server, delete it there.",
  },
  JOURNAL_RECORD_DAMAGED: {
    meaning: "A record of the journal was damaged. It was put aside; the rest of the journal says what is needed.",
    remedy: "Check the disk or memory card, which may be failing (dmesg).",
  },
  SECRETS_WIPED: {
    meaning:
      "Key, secret, access_token and password in provision.json were emptied, as it asked for. Flash memory may keep what was overwritten until its block is erased.",
    remedy:
      "Nothing. Where the medium can fall into other hands, change key and secret in the device profile once all cameras are provisioned.",
  },
  CREDENTIALS_FILE_READABLE: {
    meaning: "provision.json holds a secret, and other users can read it.",
    remedy: "chmod 600 provision.json",
  },
  CONFIG_READABLE: {
    meaning: "thermal_config.json will hold a secret, and other users can read it; its mode is kept.",
    remedy: "chmod 600 thermal_config.json, if the camera's other programs run as its owner.",
  },
  FILES_NOT_KEPT: {
    meaning: "The folder is on a file system that forgets at reboot (tmpfs, or an overlay on one).",
    remedy: "Keep the camera's folder on a real disk.",
  },
  FILES_NOT_PRIVATE: {
    meaning:
      "The folder is on a file system that ignores modes (FAT, exFAT): everybody on the camera can read secrets.",
    remedy: "Use a file system with owners and modes, or mount it with umask=077.",
  },
  FOLDER_SHARED: {
    meaning:
      "Others may write in the camera's folder, and --allow-shared-folder was given: they decide to whose server and device the camera reports, and can read its credentials.",
    remedy:
      "Give the folder and what is in it to the camera's user, and take the right to write from others: chmod go-w.",
  },
  NO_LOCK: {
    meaning: "This system has no file lock: two runs at the same time would not notice each other.",
    remedy: "Install util-linux (flock); until then, start one run at a time.",
  },
  STATUS_NOT_WRITTEN: {
    meaning: "provisioning_status.json could not be written; nothing else depends on it.",
    remedy: "Look at the disk and at the file's owner.",
  },
  LISTENER_FAILED: {
    meaning: "A callback of the program that started the run threw an error; the run went on without it.",
    remedy: "Fix the callback that throws.",
  },
  CLOCK_NOT_SET: {
    meaning:
      "provisioned_at lies before this program was first made: the camera's clock was not set when it was provisioned, or another program has written it.",
    remedy:
      "Set the clock before provisioning, or correct provisioned_at in thermal_config.json; nothing else depends on it.",
  },
  BODY_DIFFERS: {
    meaning:
      "The credentials in thermal_config.json were proved on another board: this card was copied, or the board was replaced. Two cameras with one card's credentials are one device to the server.",
    remedy:
      "Put provision.txt there and start once more: with --new-identity where the card is a copy, with --body-replaced where the board was replaced.",
  },
  CREDENTIALS_GONE: {
    meaning:
      "thermal_config.json does not hold the credentials that the server accepted last: another program may have written an older copy back.",
    remedy:
      "`thermal-provision restore --last-success` asks the server, and puts them back; a new provision.txt would make another device. Were they removed on purpose, remove .thermal-provision/last-success.json, too.",
  },
  LAST_SUCCESS_NOT_KEPT: {
    meaning:
      "The credentials are saved, but not the record by which they could be put back if another program lost them.",
    remedy: "Look at the disk and at .thermal-provision/last-success.json; nothing else depends on it.",
  },
  OTHER_CREDENTIALS: {
    meaning:
      "thermal_config.json holds a server and an access token in a section that is not ours; they are not the credentials that were proved.",
    remedy: "If a program of the camera reads that section, give it the values of the sections device and server.",
  },
  OLD_CREDENTIALS_REMOVED: {
    meaning:
      "Former configurations, or what was put aside, were older than 90 days and are removed: they held credentials.",
    remedy: "Nothing; the newest backup stays, whatever its age.",
  },
  TIDYING_INCOMPLETE: {
    meaning: "The camera is provisioned, but an old backup or temporary file could not be removed.",
    remedy: "Look at the folder; the next run tries again.",
  },
} as const satisfies Record<string, WarningKind>;

export type WarningCode = keyof typeof warningTable;

/** A warning of one run. The message may add to the table's meaning what was found here. */
export interface Warning {
  readonly code: WarningCode;
  readonly message: string;
}

export function warning(code: WarningCode, detail?: string | undefined): Warning {
  const { meaning } = warningTable[code];
  return { code, message: detail === undefined ? meaning : `${meaning} ${detail}` };
}
