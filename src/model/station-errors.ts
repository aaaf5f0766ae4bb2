import type { ErrorKind } from "./error-kind.ts";

/**
 * What goes wrong at a factory's station. `onTheDevice` is what can be done at the bench: there the camera has no part in
 * it yet.
 */
export const stationErrors = {
  LIST_INVALID: {
    type: "VALIDATION",
    retryAfterSeconds: "never",
    state: "FAILED_CONFIG",
    exitStatus: 78,
    meaning: "The list of cameras cannot be used as it is; nothing of it was taken.",
    causes: ["A spreadsheet has made numbers of the serial numbers", "A serial number or a device name is there twice"],
    onTheDevice: [
      "Fix the lines that are named, all at once, and import the list again; format the column of the serial numbers as text",
    ],
    onTheServer: [],
  },
  LEDGER_UNUSABLE: {
    type: "VALIDATION",
    retryAfterSeconds: "never",
    state: "FAILED_CONFIG",
    exitStatus: 78,
    meaning: "The station's ledger is not a ledger, is damaged, belongs to a newer program, or is for another server.",
    causes: [
      "--ledger names another file or database",
      "No list was imported yet",
      "The ledger was made for another server",
      "The program was replaced by an older one",
    ],
    onTheDevice: ["Check --ledger; import the list first; use one ledger for each server"],
    onTheServer: [],
  },
  LEDGER_KEY_WRONG: {
    type: "AUTH",
    retryAfterSeconds: "never",
    state: "FAILED_CONFIG",
    exitStatus: 78,
    meaning:
      "The secrets in the station's ledger cannot be opened with this key, or no key was given. Nothing was sent.",
    causes: [
      "This bench has another key file than the others",
      "--ledger-key-file was forgotten",
      "The key file does not hold 32 bytes in base64, or others can read it",
    ],
    onTheDevice: [
      "Copy the key file that the ledger was begun with (mode 0600); a new ledger gets one with: head -c 32 /dev/urandom | base64",
    ],
    onTheServer: [],
  },
  LEDGER_REFUSED: {
    type: "AUTH",
    retryAfterSeconds: "never",
    state: "FAILED_VALIDATION",
    exitStatus: 77,
    meaning: "The database refuses the station's user, its password, or a right that it needs.",
    causes: [
      "The password was changed",
      "PGPASSFILE names another file, or others can read it",
      "The user may not create tables",
    ],
    onTheDevice: ["Check --ledger-password-file or PGPASSFILE, and the rights of the user"],
    onTheServer: [],
  },
  LEDGER_AWAY: {
    type: "NETWORK",
    typeBecause: "the ledger, or its machine, is reached over the network, or not",
    retryAfterSeconds: 30,
    state: "FAILED_UPDATE",
    exitStatus: 75,
    meaning: "The station's ledger cannot be reached at the moment. Nothing is lost: the next run goes on.",
    causes: [
      "The database is restarting or its machine is down",
      "The network between bench and database is down",
      "Another process holds the ledger's file",
    ],
    onTheDevice: ["Start the run again when the database is back"],
    onTheServer: [],
  },
  LEASE_LOST: {
    type: "NETWORK",
    typeBecause: "it is the way to the ledger that was too slow",
    retryAfterSeconds: 1,
    state: "FAILED_UPDATE",
    exitStatus: 75,
    meaning: "Another station has taken this camera over, as this one was silent for too long.",
    causes: ["The station was frozen, or had no way to the ledger, for more than 30 seconds"],
    onTheDevice: ["Nothing: the other station goes on with the same name and secret"],
    onTheServer: [],
  },
  API_KEY_UNUSABLE: {
    type: "AUTH",
    retryAfterSeconds: "never",
    state: "FAILED_CONFIG",
    exitStatus: 78,
    meaning: "The file with the API key cannot be used.",
    causes: ["The file does not exist, is empty, or others can read it"],
    onTheDevice: ["Put the API key into the file of --api-key-file, alone, and make it yours alone (chmod 600)"],
    onTheServer: [],
  },
  API_KEY_REFUSED: {
    type: "AUTH",
    retryAfterSeconds: "never",
    state: "FAILED_VALIDATION",
    exitStatus: 77,
    meaning: "The server refuses the API key.",
    causes: ["The key was revoked, disabled, or has expired", "The key belongs to another server"],
    onTheDevice: ["Put a new key into the file of --api-key-file"],
    onTheServer: ["Make an API key for a tenant administrator (Account, API keys)"],
  },
  API_REFUSED: {
    type: "SERVER",
    retryAfterSeconds: "never",
    state: "FAILED_VALIDATION",
    exitStatus: 77,
    meaning: "The server's REST API refuses what the station asks for, and will again.",
    causes: [
      "The device profile of --device-profile does not exist",
      "The user of the API key may not create devices",
      "The server does not allow the device's name",
    ],
    onTheDevice: ["Check --device-profile and the device's name"],
    onTheServer: ["Check the rights of the API key's user"],
  },
  API_UNUSABLE: {
    type: "SERVER",
    retryAfterSeconds: 30,
    state: "FAILED_CONNECTION",
    exitStatus: 75,
    meaning: "The server's REST API answered with an error of its own, or what no answer is.",
    causes: ["The server is starting, or its database is away", "--rest-url names something that is not ThingsBoard"],
    onTheDevice: ["Check --rest-url"],
    onTheServer: ["Look into the server's log"],
  },
  RATE_LIMITED: {
    type: "SERVER",
    retryAfterSeconds: 60,
    state: "FAILED_CONNECTION",
    exitStatus: 75,
    meaning: "The server asks to be asked less often.",
    causes: ["The tenant's rate limits are lower than what the station needs"],
    onTheDevice: ["Use a smaller --concurrency"],
    onTheServer: ["Raise the tenant profile's rate limits"],
  },
  DEVICE_CONFLICT: {
    type: "SERVER",
    retryAfterSeconds: "never",
    state: "FAILED_VALIDATION",
    exitStatus: 77,
    meaning:
      "The server has a device of this name with other credentials, or these credentials with another device. Nothing was changed.",
    causes: ["The camera was made from another ledger, or by hand", "Two lines of the list mean the same device"],
    onTheDevice: ["Find out which camera the device is; then retry the serial number, or give it another device name"],
    onTheServer: ["Delete or rename the device if it is nobody's"],
  },
  DEVICE_LIMIT_REACHED: {
    type: "SERVER",
    retryAfterSeconds: "never",
    state: "FAILED_VALIDATION",
    exitStatus: 77,
    meaning: "The tenant has as many devices as its profile allows.",
    causes: ["The limit is lower than the list is long"],
    onTheDevice: ["When there is room again: station retry, station run"],
    onTheServer: ["Raise the maximum number of devices in the tenant profile, or delete devices"],
  },
} as const satisfies Record<string, ErrorKind>;

/** Whether only a station ends with this error. */
export function isOfStation(code: string): boolean {
  return Object.hasOwn(stationErrors, code);
}
