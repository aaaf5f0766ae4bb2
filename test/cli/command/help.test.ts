import { expect, test } from "vitest";
import { topics } from "../../../src/cli/command/topics.ts";
import { commands, runProgram } from "../../../src/cli/program.ts";
import { recordedIo } from "../recorded-io.ts";

async function helpOf(...parameters: readonly string[]): Promise<string> {
  const record = recordedIo({ columns: 100 });
  await runProgram([...parameters, "--help"], record.io);
  return `\n${record.out}`;
}

test("thermal-provision --help", async () => {
  expect(await helpOf()).toMatchInlineSnapshot(`
    "
    Usage thermal-provision [options] [command]

    Puts a thermal camera on its ThingsBoard server, by itself and exactly once.

    Options
      -V, --version               the version of the program
      -h, --help                  this text

    Commands
      provision [options]         Provisions the camera whose files are in a folder: one run, safe to
                                  repeat at any time.
      status [options]            Tells what the camera is and how far its provisioning is; also during
                                  a run, and after a crash.
      check [options]             Looks at everything that can be wrong: files, disk, camera, clock,
                                  name, way, TLS, server.
      reset [options]             Puts an unfinished provisioning aside, so that the next run starts
                                  from the beginning.
      restore [options] [backup]  Lists the backups of thermal_config.json, or puts one back, after the
                                  server was asked about it.
      adopt [options]             Takes credentials that an administrator made on the server: proves
                                  them, and saves them.
      decommission [options]      Takes the camera out of service: overwrites and removes its
                                  credentials, backups and journals.
      label [options]             Makes the QR code of a provisioned camera: serial number, device,
                                  server. No secret is in it.
      diagnostics [options]       Gathers what support wants to know, as one JSON document that a person
                                  can read before sending it.
      explain [options] [code]    Says what an error, a warning or an exit status means, its usual
                                  causes, and what to check.
      simulator [options]         An embedded ThingsBoard for rehearsals: prints its address, its
                                  devices and every exchange.
      station [options]           A factory line: provisions the cameras of a list, at many benches,
                                  none twice.
      demo [options]              Shows everything: a camera, a server, a lost answer, a wrong secret.
                                  Needs no network and no server.
      help [command]              the same as --help behind a command

    Topics
      help exit-statuses          What each exit status means, and what to do then.
      help files                  The files in the camera's folder: who writes them, and what happens to
                                  them.
      help environment            The environment variables that matter, and those that do not.

    Start with:
      thermal-provision demo                 see everything happen, on an embedded server
      thermal-provision provision --dry-run  check a camera's folder, change nothing

    Exit status: 0 done or nothing to do, 64 usage, 70 internal, 73 cannot write, 74 disk error,
    75 try again later, 77 refused by the server, 78 configuration, 130 and 143 stopped.
    thermal-provision explain lists what each error means.
    "
  `);
});

test("thermal-provision provision --help", async () => {
  expect(await helpOf("provision")).toMatchInlineSnapshot(`
    "
    Usage thermal-provision provision [options]

    Provisions the camera whose files are in a folder: one run, safe to repeat at any time.

    Options
      -V, --version                   the version of the program
      -d, --directory <folder>        the folder of the camera's files (default: this one)
      --json                          one JSON object per line, also on a terminal
      --human                         the form for people, also when standard output is not a terminal
      --dry-run                       check everything that can be checked here; send nothing, change
                                      nothing
      --wait                          keep trying until it is done or told to stop, unless somebody must
                                      correct something
      --new-identity                  make a new device, although the present credentials may still work
      --no-body                       record nothing of the board: for images and benches, whose cards
                                      go into other cameras
      --body-replaced                 accept what another board began or has: this camera's board was
                                      replaced
      --require-tls                   refuse to speak plain text
      --ca-file <file>                trust these certificates (PEM); several times for several;
                                      "system" is the system's
      --server-name <name>            the name that the server's certificate must have, instead of the
                                      host
      --proxy <url>                   the HTTP proxy that leads to the server: http://proxy.example:3128
      --pinned-public-key <key>       a key (sha256/...) of which one must be in the server's
                                      certificate chain
      --client-certificate-command <program>
                                      has the camera's certificate made: a request on its standard
                                      input, the answer on its output
      --strict-files                  refuse file systems that lose files at reboot, or that ignore file
                                      modes
      --allow-shared-folder           go on although others may write the folder: they decide where the
                                      camera reports
      --device-id-within <seconds>    how long to ask for the device's id (default: 0.5)
      --metrics <file>                at each end of a run, write what the camera is for Prometheus, as
                                      status does
      --log-level <level>             what to log on standard error; default: warn, for people silent
                                      (choices: "silent", "error", "warn", "info", "debug")
      -h, --help                      this text

    Without provision.txt, and with nothing unfinished, it asks no server and leaves the camera's files alone;
    it only clears temporary files that a killed run left behind.
    On a terminal it speaks to people, in a systemd unit to the journal, a line an event; else, or
    with --json, it writes one JSON object per line, the last one with "type": "outcome".
    "
  `);
});

test("thermal-provision check --help", async () => {
  expect(await helpOf("check")).toMatchInlineSnapshot(`
    "
    Usage thermal-provision check [options]

    Looks at everything that can be wrong: files, disk, camera, clock, name, way, TLS, server.

    Options
      -V, --version              the version of the program
      -d, --directory <folder>   the folder of the camera's files (default: this one)
      --ask-server               ask the server whether it knows key and secret; makes no device
      --try-credentials          log in with the camera's own credentials; ends a session that it has
      --require-tls              refuse to speak plain text
      --ca-file <file>           trust these certificates (PEM); several times for several; "system" is
                                 the system's
      --server-name <name>       the name that the server's certificate must have, instead of the host
      --proxy <url>              the HTTP proxy that leads to the server: http://proxy.example:3128
      --pinned-public-key <key>  a key (sha256/...) of which one must be in the server's certificate
                                 chain
      --json                     one JSON object per line, also on a terminal
      -h, --help                 this text

    Writes nothing, takes no lock, makes no device; may run beside a running camera. What cannot be seen because of
    another failure is skipped. Exit status 0 with warnings only, else that of the worst failure: 78, 73, 74, 77, 75.
    "
  `);
});

test("thermal-provision status --help", async () => {
  expect(await helpOf("status")).toMatchInlineSnapshot(`
    "
    Usage thermal-provision status [options]

    Tells what the camera is and how far its provisioning is; also during a run, and after a crash.

    Options
      -V, --version             the version of the program
      -d, --directory <folder>  the folder of the camera's files (default: this one)
      --json                    one JSON object per line, also on a terminal
      --metrics <file>          write it for Prometheus, too: for the textfile collector of node
                                exporter
      --is-provisioned          print nothing; exit status 0 if the camera is provisioned, else 1
      -h, --help                this text

    Reads the files in the folder; changes nothing and asks no server. Another user may ask, and sees less.
    With --is-provisioned the exit status is 1 also where it cannot be known: no folder, unreadable, damaged.
    "
  `);
});

test("thermal-provision reset --help", async () => {
  expect(await helpOf("reset")).toMatchInlineSnapshot(`
    "
    Usage thermal-provision reset [options]

    Puts an unfinished provisioning aside, so that the next run starts from the beginning.

    Options
      -V, --version             the version of the program
      -d, --directory <folder>  the folder of the camera's files (default: this one)
      --purge                   remove what was put aside earlier, and put nothing aside
      --yes                     do it; without this option, reset only says what would happen
      -h, --help                this text

    You nearly always want to run provision again instead, which continues an unfinished provisioning.
    An unfinished provisioning has a name and a token that the server may know already. When they are put
    aside, a device of that name may stay on the server without a camera, and a later run makes another.
    Nothing is deleted: the records get a dated name beside the journal, and hold a token. Only --purge removes them.
    "
  `);
});

test("thermal-provision explain --help", async () => {
  expect(await helpOf("explain")).toMatchInlineSnapshot(`
    "
    Usage thermal-provision explain [options] [code]

    Says what an error, a warning or an exit status means, its usual causes, and what to check.

    Arguments
      code           the code, such as NO_ANSWER, or an exit status, such as 77; without it all codes
                     are listed

    Options
      -V, --version  the version of the program
      -h, --help     this text
    "
  `);
});

test("thermal-provision simulator --help", async () => {
  expect(await helpOf("simulator")).toMatchInlineSnapshot(`
    "
    Usage thermal-provision simulator [options]

    An embedded ThingsBoard for rehearsals: prints its address, its devices and every exchange.

    Options
      -V, --version                  the version of the program
      -p, --port <number>            where to listen; 0 takes any free port (default: 1883, with TLS
                                     8883)
      --host <address>               the address to listen at (default: 127.0.0.1, this machine only)
      --strategy <strategy>          how the device profile provisions; default: allow-create (choices:
                                     "allow-create", "check-pre-provisioned", "x509-chain", "disabled")
      --key <key>                    the profile's provision device key
      --secret <secret>              the profile's provision device secret
      --authority <file>             x509-chain: the certificate of the authority (PEM)
      --version-of-server <version>  the ThingsBoard to be, such as 4.2.1; one that was not recorded
                                     behaves as the newest before it (default: the newest)
      --device <name[=token]>        a device that is registered already; may be given again and again
      --config <file>                profiles, tenants, devices and limits, as JSON
                                     (schema/simulator.schema.json)
      --scenario <file>              what goes wrong, and when: a file, or the name of a ready scenario
      --list-scenarios               the ready scenarios, a sentence each; nothing is started
      --state <file>                 keep the devices in this file from one run to the next
      --record <file>                write a transcript of everything into this file at the end
      --http <port>                  serve a page and JSON about it all, and provisioning by HTTP; 0
                                     takes any free port
      --http-host <address>          the address of --http, whatever --host is (default: 127.0.0.1)
      --tls-cert <file>              speak TLS with this certificate (PEM)
      --tls-key <file>               the certificate's private key (PEM)
      --json                         one JSON object per line, also on a terminal
      --show-secrets                 do not mask keys, secrets and tokens in what is shown
      -h, --help                     this text

    Runs until Ctrl-C. Key and secret are for rehearsals only: everybody on this machine can see them in
    the list of processes. State and transcript hold tokens: new files are for their owner only.
    "
  `);
});

test("thermal-provision demo --help", async () => {
  expect(await helpOf("demo")).toMatchInlineSnapshot(`
    "
    Usage thermal-provision demo [options]

    Shows everything: a camera, a server, a lost answer, a wrong secret. Needs no network and no server.

    Options
      -V, --version    the version of the program
      --keep <folder>  leave the cameras' folders there, to look at; a new or empty folder
      -h, --help       this text

    Every claim that it makes is checked; the exit status is 70 when one does not hold.
    "
  `);
});

test("thermal-provision restore --help", async () => {
  expect(await helpOf("restore")).toMatchInlineSnapshot(`
    "
    Usage thermal-provision restore [options] [backup]

    Lists the backups of thermal_config.json, or puts one back, after the server was asked about it.

    Arguments
      backup                    the name of the backup, such as thermal_config.json.backup.1698069000

    Options
      -V, --version             the version of the program
      -d, --directory <folder>  the folder of the camera's files (default: this one)
      --json                    one JSON object per line, also on a terminal
      --last-success            put the credentials that the server accepted last into
                                thermal_config.json
      --force                   put it back although the server refuses its credentials, or does not
                                answer
      --allow-shared-folder     as for provision: accept a folder that others can write
      -h, --help                this text

    Without a name it lists the backups, the newest first, with what putting each one back would change; secrets are
    masked. With a name, the server is asked first whether it still knows the credentials in that backup. What it refuses
    is not put back (exit status 77), and neither is anything while it does not answer (75). What was there before is
    backed up itself. It is refused while a provisioning is unfinished.
    With --last-success no backup is needed: where another program has written an older thermal_config.json back, the
    sections device, server and provisioning of the last success are put into it; the rest of it stays as it is now.
    "
  `);
});

test("thermal-provision adopt --help", async () => {
  expect(await helpOf("adopt")).toMatchInlineSnapshot(`
    "
    Usage thermal-provision adopt [options]

    Takes credentials that an administrator made on the server: proves them, and saves them.

    Options
      -V, --version             the version of the program
      -d, --directory <folder>  the folder of the camera's files (default: this one)
      --json                    one JSON object per line, also on a terminal
      --token-file <file>       the token on one line, or JSON with access_token and device_name
      --device-name <name>      what the device is called on the server, where the file does not say it
      --require-tls             refuse to speak plain text
      --ca-file <file>          trust these certificates (PEM), as for provision
      --allow-shared-folder     as for provision: accept a folder that others can write
      -h, --help                this text

    The server is that of provision.json. The credentials come from --token-file, or are asked for: on a terminal what
    is typed is not shown; else the first line of standard input counts. They are never taken from the command line,
    which every user of the camera can see. What the server refuses (exit status 77) or does not answer (75) changes
    nothing; what it accepts is saved as a provisioning saves it, with a backup, and provision.txt is renamed.
    "
  `);
});

test("thermal-provision decommission --help", async () => {
  expect(await helpOf("decommission")).toMatchInlineSnapshot(`
    "
    Usage thermal-provision decommission [options]

    Takes the camera out of service: overwrites and removes its credentials, backups and journals.

    Options
      -V, --version               the version of the program
      -d, --directory <folder>    the folder of the camera's files (default: this one)
      --json                      one JSON object per line, also on a terminal
      --yes                       do it; without this option, decommission only says what would go
      --with-provisioning-secret  remove provision.json, too: key and secret of the device profile
      -h, --help                  this text

    What is not ours in thermal_config.json stays. Every step is on the disk before the next one begins: after a power cut
    in the middle no start provisions the camera again, and the same command finishes the rest.
    The device on the server stays; delete it there. What was removed is printed as a receipt.
    "
  `);
});

test("thermal-provision label --help", async () => {
  expect(await helpOf("label")).toMatchInlineSnapshot(`
    "
    Usage thermal-provision label [options]

    Makes the QR code of a provisioned camera: serial number, device, server. No secret is in it.

    Options
      -V, --version             the version of the program
      -d, --directory <folder>  the folder of the camera's files (default: this one)
      --json                    one JSON object per line, also on a terminal
      --svg <file>              write the code into this file, as a picture, instead of printing it
      --force                   write over that file, where there is one
      -h, --help                this text

    The code holds JSON: {"thermal_provision_label":1,"serial":…,"device_name":…,"server":…,"device_id":…}. A later version
    only adds. The serial number is that of the board, where its firmware tells one; the device's id is there where it is
    known. It asks no server.
    "
  `);
});

test("thermal-provision diagnostics --help", async () => {
  expect(await helpOf("diagnostics")).toMatchInlineSnapshot(`
    "
    Usage thermal-provision diagnostics [options]

    Gathers what support wants to know, as one JSON document that a person can read before sending it.

    Options
      -V, --version             the version of the program
      -d, --directory <folder>  the folder of the camera's files (default: this one)
      --output <file>           write it into this file, which must not be there yet, instead of
                                printing it
      --without-check           leave out what check finds, and with it every connection to the server
      --without-files           leave out the names, modes and owners of the files
      --without-unit            leave out what systemd says of the unit
      --without-log             leave out the unit's last log lines
      -h, --help                this text

    Versions, what status and check say, the folder's files with their modes and owners, the records of the journal
    by name and hash, what systemd says of thermal-provision.service, and its last log lines, as far as this user may see
    them. Names of devices, servers and files are in it; keys, secrets and tokens are not. It changes nothing, and makes
    nothing on the server.
    "
  `);
});

test("every command has its help in this file", () => {
  expect(commands.map(({ name }) => name)).toEqual([
    ...["provision", "status", "check", "reset", "restore", "adopt", "decommission", "label", "diagnostics", "explain"],
    ...["simulator", "station", "demo"],
  ]);
});

test.each(topics.map(({ name }) => name))("thermal-provision help %s fits a terminal of 80 columns", async (name) => {
  const record = recordedIo();
  expect(await runProgram(["help", name], record.io)).toBe(0);
  expect(record.out.split("\n").length).toBeGreaterThan(8);
  expect(record.out.split("\n").filter((line) => line.length > 80)).toEqual([]);
});

test("help of a word that is nothing names what was probably meant", async () => {
  const record = recordedIo();
  expect(await runProgram(["help", "exit-status"], record.io)).toBe(64);
  expect(record.err).toContain("Did you mean exit-statuses?");
});
