import type { ErrorKind } from "./errors.ts";

export type ExitStatus = 0 | ErrorKind["exitStatus"];

interface ExitStatusKind {
  readonly meaning: string;
  /** What the person or the service manager should do who started the program. */
  readonly remedy: string;
}

/** What a process tells by its exit status. The numbers from 64 to 78 are those of BSD's sysexits. */
export const exitStatusTable: Readonly<Record<ExitStatus, ExitStatusKind>> = {
  0: { meaning: "Done, already done, or nothing to do", remedy: "Nothing." },
  64: {
    meaning: "The command line makes no sense, or the environment would reveal secrets (NODE_DEBUG)",
    remedy: "Correct the command; --help shows its options.",
  },
  70: {
    meaning: "A mistake in the program",
    remedy: "Report it with the log; the next run continues where this one stopped.",
  },
  73: {
    meaning: "Cannot write: read-only, full, or not permitted",
    remedy: "Make the camera's folder writable for this user, then start again.",
  },
  74: { meaning: "The disk reported an error", remedy: "Look into the kernel's log (dmesg), then start again." },
  75: {
    meaning: "Try again later: what is in the way may pass (network, no answer, not yet)",
    remedy: "Start again later, or use --wait, which does so by itself.",
  },
  77: {
    meaning: "Refused by the server, for good",
    remedy: "Correct what the server refused (key, secret, device name) there or in provision.json, then start again.",
  },
  78: {
    meaning: "Configuration: a file, a folder or a certificate is not as it must be, or Node.js is too old",
    remedy: "Correct what the message names, then start again.",
  },
  130: {
    meaning: "Stopped with Ctrl-C (SIGINT)",
    remedy: "Start again: the next run continues where this one stopped.",
  },
  143: { meaning: "Stopped (SIGTERM)", remedy: "Start again: the next run continues where this one stopped." },
};
