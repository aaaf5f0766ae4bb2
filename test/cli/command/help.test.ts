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
      -V, --version             the version of the program
      -h, --help                this text

    Commands
      provision [options]       Provisions the camera whose files are in a folder: one run, safe to
                                repeat at any time.
      status [options]          Tells what the camera is and how far its provisioning is; also during a
                                run, and after a crash.
      reset [options]           Puts an unfinished provisioning aside, so that the next run starts from
                                the beginning.
      explain [options] [code]  Says what an error, a warning or an exit status means, its usual causes,
                                and what to check.
      simulator [options]       An embedded ThingsBoard for rehearsals: prints its address, its devices
                                and every exchange.
      station [options]         A factory line: provisions the cameras of a list, at many benches, none
                                twice.
      demo [options]            Shows everything: a camera, a server, a lost answer, a wrong secret.
                                Needs no network and no server.
      help [command]            the same as --help behind a command

    Topics
      help exit-statuses        What each exit status means, and what to do then.
      help files                The files in the camera's folder: who writes them, and what happens to
                                them.
      help environment          The environment variables that matter, and those that do not.

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
      -V, --version                 the version of the program
      -d, --directory <folder>      the folder of the camera's files (default: this one)
      --json                        one JSON object per line, also on a terminal
      --human                       the form for people, also when standard output is not a terminal
      --dry-run                     check everything that can be checked here; send nothing, change
                                    nothing
      --wait                        keep trying until it is done or told to stop, unless somebody must
                                    correct something
      --new-identity                make a new device, although the present credentials may still work
      --no-body                     record nothing of the board: for images and benches, whose cards go
                                    into other cameras
      --body-replaced               accept what another board began or has: this camera's board was
                                    replaced
      --require-tls                 refuse to speak plain text
      --ca-file <file>              trust these certificates (PEM); several times for several; "system"
                                    is the system's
      --server-name <name>          the name that the server's certificate must have, instead of the
                                    host
      --pinned-public-key <key>     a key (sha256/...) of which one must be in the server's certificate
                                    chain
      --strict-files                refuse file systems that lose files at reboot, or that ignore file
                                    modes
      --allow-shared-folder         go on although others may write the folder: they decide where the
                                    camera reports
      --device-id-within <seconds>  how long to wait for the device's id (default: 2)
      --log-level <level>           what to log on standard error; default: warn, for people silent
                                    (choices: "silent", "error", "warn", "info", "debug")
      -h, --help                    this text

    Without provision.txt, and with nothing unfinished, it asks no server and leaves the camera's files alone;
    it only clears temporary files that a killed run left behind.
    On a terminal it speaks to people, in a systemd unit to the journal, a line an event; else, or
    with --json, it writes one JSON object per line, the last one with "type": "outcome".
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

test("every command has its help in this file", () => {
  expect(commands.map(({ name }) => name)).toEqual([
    ...["provision", "status", "reset", "explain", "simulator", "station", "demo"],
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
