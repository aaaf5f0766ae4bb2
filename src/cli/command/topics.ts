import { exitStatusTable } from "../../model/exit-statuses.ts";

/** A word or two, and what they mean. */
export type Row = readonly [term: string, meaning: string];

/** A page of `help` that is about no single command. */
export interface Topic {
  readonly name: string;
  readonly summary: string;
  /** Paragraphs, and rows of a word and its meaning. */
  readonly parts: readonly (string | readonly Row[])[];
}

const exitStatuses: Topic = {
  name: "exit-statuses",
  summary: "What each exit status means, and what to do then.",
  parts: [
    Object.entries(exitStatusTable).map(([status, { meaning, remedy }]): Row => [status, `${meaning}. ${remedy}`]),
    "`thermal-provision explain 77` also lists the errors that end with 77. A service manager should start the program again after 74 and 75, and not after 64, 70, 73, 77 and 78.",
  ],
};

const files: Topic = {
  name: "files",
  summary: "The files in the camera's folder: who writes them, and what happens to them.",
  parts: [
    "All of them are in one folder: --directory, or the current one.",
    [
      ["provision.txt", "the trigger, usually empty; renamed to provision.txt.processed after success"],
      [
        "provision.json",
        "the server, and key and secret of the device profile; read, and changed only where it asks for that (wipe_secret_after_success)",
      ],
      [
        "thermal_config.json",
        "the camera's configuration. The sections device, server and provisioning are written, everything else stays as it is; made new where there is none",
      ],
      ["thermal_config.json.backup.<seconds>", "what was replaced; the last five stay"],
      ["provisioning_status.json", "the last status, without secrets; everybody may read it"],
      [
        ".thermal-provision/",
        "the journal: what an unfinished provisioning must not forget, and what reset has put aside. It holds tokens",
      ],
    ],
    "docs/files.md of the package has every key, mode and rule; its folder schema/ has the JSON Schemas.",
  ],
};

const environment: Topic = {
  name: "environment",
  summary: "The environment variables that matter, and those that do not.",
  parts: [
    [
      ["NO_COLOR", "no colours, if it is not empty"],
      ["FORCE_COLOR", "colours also where standard output is not a terminal; 0 or false: none"],
      ["TERM", "dumb: no colours"],
      ["COLUMNS", "the width of the text where standard output is not a terminal"],
      [
        "NODE_DEBUG, NODE_DEBUG_NATIVE",
        "refused with exit status 64: Node.js would print what is sent and received, access tokens included",
      ],
      ["DEBUG", "ignored, for the same reason"],
      [
        "NODE_EXTRA_CA_CERTS",
        "counts only where the system has no certificate authorities of its own: name them with ca_file in provision.json, or with --ca-file",
      ],
    ],
    "Key, secret and token are never read from the environment, which other processes can see.",
  ],
};

export const topics: readonly Topic[] = [exitStatuses, files, environment];
