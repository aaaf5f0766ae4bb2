import type { InvariantName } from "../harness/invariants.ts";
import { withCertificate } from "../harness/strace/settings.ts";
import {
  type Check,
  configRestored,
  crowded,
  cuts,
  fullDisks,
  kills,
  linted,
  lintedFailures,
  lintedRecovery,
  lintedSecondName,
  lockPlanted,
  scenario,
} from "./checks.ts";
import { type Change, withoutLock } from "./variant.ts";

/** The program with one rule broken, and the check that must notice. */
export interface Control {
  readonly what: string;
  readonly changes: readonly Change[];
  readonly check: Check;
  /** One of these must be among what is found. */
  readonly red: readonly InvariantName[];
  /** A program that only this control takes. */
  readonly needs?: string;
  /** The same check of the real program is a method of its own. */
  readonly isOtherMethod?: true;
}

const newSecret: Change = {
  file: "run/steps/write-intent.ts",
  from: "credentials: offered ?? (await ownCredentials(task)),",
  to: "credentials: await ownCredentials(task),",
};

/** Those that need no privilege. */
export const controls: readonly Control[] = [
  {
    what: "no journal",
    changes: [
      {
        file: "files/journal/journal.ts",
        from: 'const outcome = createOnce(fs, path, encodeIntent(intent), { rights: privateRights, withoutLinks: "exclusive" });',
        to: 'const outcome = fs.lstat(path) === undefined ? "created" : encodeIntent(intent) && "exists";',
      },
    ],
    check: kills((call) => call.name === "read"),
    red: ["I4", "I5"],
  },
  {
    what: "a second name that is not written down",
    changes: [
      {
        file: "run/steps/write-intent.ts",
        from: 'if ((await task.journal.writeIntent(intent)) === "written") {',
        to: 'if (number > 1 || (await task.journal.writeIntent(intent)) === "written") {',
      },
    ],
    check: lintedSecondName,
    red: ["I1"],
  },
  {
    what: "a journal of one record, replaced by rename",
    changes: [
      {
        file: "files/journal/received-record.ts",
        from: 'recordName({ kind: "received", number }));\n      if (fs.lstat(path) !== undefined) continue;',
        to: 'recordName({ kind: "intent", number }));',
      },
    ],
    check: linted,
    red: ["I24"],
  },
  {
    what: "no sync of folders",
    changes: [{ file: "files/disk/file-system.ts", from: 'syncPath(fs, folder, "folder");', to: "" }],
    check: linted,
    red: ["I1"],
  },
  {
    what: "what a recovery finds is not synced",
    changes: [
      {
        file: "files/journal/journal.ts",
        from: "for (const name of recordsIn(fs, folder)) syncFile(fs, join(folder, recordName(name)));",
        to: "",
      },
    ],
    check: lintedRecovery,
    red: ["I10"],
  },
  {
    what: "the configuration written with write-file-atomic, and killed",
    changes: writeFileAtomic(),
    check: kills(({ name, text }) => name === "rename" && text.includes('/thermal_config.json"')),
    red: ["I12", "I16"],
  },
  {
    what: "the server chooses the secret, and its answer is lost",
    changes: [
      { file: "wire/provision-request.ts", from: "return { token: show(credentials.accessToken) };", to: "return {};" },
    ],
    check: scenario([{ on: "request", do: "close", when: "before the answer" }]),
    red: ["I4"],
  },
  {
    what: "a new name with a new secret",
    changes: [newSecret],
    check: scenario([
      { on: "request", do: "timeOut", work: { after: 300_000 } },
      { on: "request", nth: 2, do: "refuse", status: "FAILURE" },
      { on: "request", nth: 3, do: "refuse", status: "FAILURE" },
    ]),
    red: ["I2", "I4"],
  },
  {
    what: "credentials discarded on silence",
    changes: [
      newSecret,
      {
        file: "flow/accept.ts",
        from: "return learn(known, { ...asked(run), setback: event.code });",
        to: "return learn(known, { ...asked(run), doubt: false, nextName: true, setback: event.code });",
      },
    ],
    check: scenario([{ on: "request", do: "close", when: "before the answer" }]),
    red: ["I4"],
  },
  {
    what: "the received record removed before the intent, and the configuration restored by hand",
    changes: [
      {
        file: "files/journal/journal.ts",
        from: 'for (const kind of ["sent", "intent", "received"] as const) {',
        to: 'for (const kind of ["sent", "received", "intent"] as const) {',
      },
    ],
    check: configRestored,
    red: ["R"],
  },
  {
    what: "a process id file as the lock",
    changes: [pidFile()],
    check: lockPlanted,
    red: ["R"],
  },
  {
    what: "an intent that replaces another's, where no lock is",
    changes: [
      ...withoutLock,
      {
        file: "files/disk/durable-files.ts",
        from: "const outcome = link(fs, temporary, path);",
        to: 'rename(path); const outcome: string = "created";',
      },
    ],
    check: crowded,
    red: ["I2", "I4", "I5"],
  },
  {
    what: "the trigger renamed before the configuration is written",
    changes: [
      {
        file: "files/commit.ts",
        from: "const backup = save(fs, directory, saving); // 1, 2",
        to: "processTrigger(fs, directory); const backup = save(fs, directory, saving);",
      },
    ],
    check: linted,
    red: ["I9"],
  },
  {
    what: "no backup",
    changes: [
      {
        file: "files/save-config.ts",
        from: "const backup = old === undefined ? undefined : backUp(fs, directory, old, rights, now);",
        to: "const backup = old === undefined ? undefined : typeof backUp;",
      },
    ],
    check: linted,
    red: ["I8"],
  },
  {
    what: "temporary files that everybody can read",
    changes: [
      {
        file: "files/disk/durable-files.ts",
        from: 'fs.open(temporary, "create", 0o600)',
        to: 'fs.open(temporary, "create", 0o666)',
      },
      { file: "cli/before-all.ts", from: "process.umask(0o077);", to: "process.umask(0o022);" },
    ],
    check: linted,
    red: ["I11"],
  },
  {
    what: "the token in the output",
    changes: [
      {
        file: "cli/provision/json-lines.ts",
        from: "device_name: credentials.deviceName,",
        to: "device_name: credentials.deviceName, access_token: credentials.credentials.accessToken.reveal(),",
      },
    ],
    check: linted,
    red: ["I16"],
  },
  {
    what: "a sync that failed is tried again",
    changes: [
      {
        file: "files/disk/file-system.ts",
        from: "sync: fsyncSync,",
        to: "sync: (handle) => { try { fsyncSync(handle); } catch { fsyncSync(handle); } },",
      },
    ],
    check: lintedFailures,
    red: ["I23"],
  },
  {
    what: "the key of a certificate is swept away while only an intent names it",
    changes: [
      {
        file: "files/made-certificates.ts",
        from: 'if (kind === "folder" && name === journalName) yield* below(fs, path);',
        to: 'if (kind === "folder" && name === journalName) below(fs, path);',
      },
    ],
    check: kills(
      ({ name, text }) => name === "connect" || (name === "unlink" && text.includes("intent-1.json")),
      withCertificate,
    ),
    red: ["I5", "R"],
  },
];

/** Those that need disks of their own. */
export const diskControls: readonly Control[] = [
  {
    what: "sync calls disabled with eatmydata",
    changes: [],
    needs: "eatmydata",
    check: cuts({ LD_PRELOAD: "libeatmydata.so" }),
    isOtherMethod: true,
    red: ["I5", "I7", "I8", "I9", "I22", "R"],
  },
  {
    what: "the configuration written with write-file-atomic, and the power cut",
    changes: writeFileAtomic(),
    check: cuts({}),
    isOtherMethod: true,
    red: ["I7", "I9", "I16", "I22"],
  },
  {
    what: "the configuration written with write-file-atomic on a disk that fills up",
    changes: writeFileAtomic(),
    check: fullDisks,
    isOtherMethod: true,
    red: ["I7"],
  },
];

function writeFileAtomic(): readonly Change[] {
  return [
    {
      file: "files/save-config.ts",
      from: "return replaceFile(fs, path, wanted, { rights, stillWanted });",
      to: "return stillWanted() && (writeFileAtomic.sync(path, Buffer.from(wanted)), true);",
    },
    {
      file: "files/save-config.ts",
      from: 'import { join } from "node:path";',
      to: 'import { join } from "node:path"; import writeFileAtomic from "write-file-atomic";',
    },
  ];
}

/** As many programs do it: the file is the lock, and the process that it names must be alive. */
function pidFile(): Change {
  return {
    file: "files/disk/kernel-lock.ts",
    from: 'const { status } = spawnSync("flock", ["-n", option, "3"], { stdio: ["ignore", "ignore", "ignore", folder] });',
    to: `const fs = require("node:fs");
      const path = fs.readlinkSync("/proc/self/fd/" + folder) + "/pid";
      let status = 0;
      try {
        fs.writeFileSync(path, String(process.pid), { flag: "wx" });
      } catch {
        try {
          process.kill(Number(fs.readFileSync(path, "utf8")), 0);
          status = option ? 1 : typeof spawnSync;
        } catch {
          fs.writeFileSync(path, String(process.pid));
        }
      }`,
  };
}
