import { describe, expect, it, test } from "vitest";
import { type Clock, systemClock } from "../../../src/base/clock.ts";
import { milliseconds, seconds } from "../../../src/base/duration.ts";
import type { Io } from "../../../src/cli/io.ts";
import { ForPeople } from "../../../src/cli/provision/for-people.ts";
import { errorTable } from "../../../src/model/error-table.ts";
import { type ErrorCode, ProvisioningError } from "../../../src/model/errors.ts";
import type { Outcome } from "../../../src/model/outcome.ts";
import { recordedIo } from "../recorded-io.ts";
import {
  alreadyProvisioned,
  failed,
  interrupted,
  invalid,
  nothingToDo,
  provisioned,
  refused,
  status,
  token,
} from "./outcomes.ts";

/** A clock that a test moves on. Who sleeps on it is woken by the move. */
class MovedClock implements Clock {
  #elapsed = 0;
  #sleepers: { readonly until: number; readonly wake: () => void }[] = [];
  now = systemClock.now;
  elapsed = () => milliseconds(this.#elapsed);
  sleep(duration: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#sleepers.push({ until: this.#elapsed + duration, wake: resolve });
      signal?.addEventListener("abort", () => reject(signal.reason));
    });
  }
  async move(duration: number): Promise<void> {
    this.#elapsed += duration;
    for (const { until, wake } of this.#sleepers) if (until <= this.#elapsed) wake();
    await new Promise((resolve) => setImmediate(resolve));
  }
}

const errorCodes = Object.keys(errorTable).filter((code): code is ErrorCode => code in errorTable);

/** Erases the line that the cursor is in. */
const eraseLine = "\r\x1b[2K";

function watched(changes: Partial<Io> = {}) {
  const clock = new MovedClock();
  const record = recordedIo({ clock, ...changes });
  return { clock, record, printer: new ForPeople(record.io, { waits: false }) };
}

function endingOf(outcome: Outcome, changes: Partial<Io> = {}): string {
  const { record, printer } = watched(changes);
  printer.outcome(outcome);
  return record.out;
}

describe("while a run goes on", () => {
  it("each state is a line with the time since the start", async () => {
    const { clock, record, printer } = watched();
    printer.status({ ...status, currentState: "DETECTING_FILES" });
    await clock.move(1234);
    printer.status({ ...status, currentState: "CONNECTING" });
    printer.status({ ...status, currentState: "CONNECTING", deviceName: "now it has a name" });
    expect(record.out).toBe(
      "   0.00 s  DETECTING_FILES      looking for provision.txt and unfinished work\n" +
        "   1.23 s  CONNECTING           connecting\n",
    );
  });

  it("a narrow terminal gets the state alone", () => {
    const { record, printer } = watched({ columns: 40 });
    printer.status({ ...status, currentState: "CONNECTING" });
    expect(record.out).toBe("   0.00 s  CONNECTING\n");
  });

  it("a setback that the run gets over is a line", () => {
    const { record, printer } = watched();
    printer.status({ ...status, currentState: "CONNECTING", lastError: "CONNECTION_LOST: it broke" });
    printer.status({ ...status, currentState: "VALIDATING_RESPONSE", lastError: "CONNECTION_LOST: it broke" });
    expect(record.out.match(/CONNECTION_LOST: it broke\n/g)).toHaveLength(1);
  });

  it("a warning comes with its remedy, wrapped below itself", () => {
    const { record, printer } = watched();
    printer.warning({ code: "PLAIN_TEXT", message: "The connection is not encrypted: everybody can read along." });
    expect(record.out).toMatchInlineSnapshot(`
      "           warning PLAIN_TEXT: The connection is not encrypted: everybody can
                         read along.
                         Use the server's TLS port, usually 8883; --require-tls
                         refuses plain text.
      "
    `);
  });

  it("on a terminal the wait for a retry counts down in its line, below its reason", async () => {
    const { clock, record, printer } = watched({ isTerminal: true });
    printer.retry({ wait: seconds(2), because: "NO_ANSWER", message: "silence\nand more" });
    await clock.move(1000);
    await clock.move(1000);
    printer.status({ ...status, currentState: "CONNECTING", lastError: "NO_ANSWER: silence" });
    expect(record.out.split(eraseLine).map((part) => part.trimEnd())).toEqual([
      "   0.00 s  NO_ANSWER: silence\n           again in 2 s",
      "           again in 1 s",
      "           again in 2 s\n   2.00 s  CONNECTING           connecting",
    ]);
  });

  it("elsewhere it is two lines", () => {
    const { record, printer } = watched();
    printer.retry({ wait: seconds(1.5), because: "NO_ANSWER", message: "silence" });
    expect(record.out).toBe("   0.00 s  NO_ANSWER: silence\n           again in 1.5 s\n");
  });

  it("the reason of a retry is not cut, however long it is", () => {
    const { record, printer } = watched({ isTerminal: true, columns: 50 });
    const message = `${"camera.example.org:1883 (plain text) ".repeat(3)}nothing listens there`;
    printer.retry({ wait: seconds(2), because: "CONNECTION_REFUSED", message });
    expect(record.out.replaceAll(/\s+/g, " ")).toContain(`CONNECTION_REFUSED: ${message} again in 2 s`);
    expect(Math.max(...record.out.split("\n").map((line) => line.length))).toBeLessThanOrEqual(50);
  });

  it("on a terminal the time until the end of the try counts down while the server is awaited, and leaves nothing", async () => {
    const { clock, record, printer } = watched({ isTerminal: true });
    printer.try({ within: seconds(30) });
    printer.status({ ...status, currentState: "WAITING_RESPONSE" });
    await clock.move(1000);
    await clock.move(1000);
    printer.status({ ...status, currentState: "UPDATING_CONFIG" });
    expect(record.out.split(eraseLine)).toEqual([
      "   0.00 s  WAITING_RESPONSE     waiting for the answer\n",
      "           waiting for the server, 29 s more at most",
      "           waiting for the server, 28 s more at most",
      "   2.00 s  UPDATING_CONFIG      backing up and writing thermal_config.json\n",
    ]);
  });

  it("where the server is not awaited, or nobody looks on, nothing counts down", async () => {
    for (const isTerminal of [true, false]) {
      const { clock, record, printer } = watched({ isTerminal });
      printer.try({ within: seconds(30) });
      printer.status({ ...status, currentState: isTerminal ? "UPDATING_CONFIG" : "WAITING_RESPONSE" });
      await clock.move(1000);
      expect(record.out.split("\n")).toHaveLength(2);
    }
  });
});

describe("the ending", () => {
  it("of a success", () => {
    expect(endingOf(provisioned)).toMatchInlineSnapshot(`
      "
      PASS  thermal-camera-ABC123 is provisioned
        Server     mqtts://tb.example.org:8883
        Device id  99999999-2222-4333-8444-555555555555
        Token      in thermal_config.json; a connection with it was accepted
        Next       nothing: the camera can be started. provision.txt is
                   provision.txt.processed now.
      "
    `);
  });

  it("of a camera that was provisioned before", () => {
    expect(endingOf(alreadyProvisioned)).toMatchInlineSnapshot(`
      "
      PASS  thermal-camera-ABC123 was provisioned before
        Server     mqtt://[fe80::1]:1883
        Device id  not told by the server
        Token      in thermal_config.json; a connection with it was accepted
        Next       nothing: the credentials still work, no device was made.
                   --new-identity makes one.
      "
    `);
  });

  it("of a run with nothing to do", () => {
    expect(endingOf(nothingToDo)).toMatchInlineSnapshot(`
      "
      PASS  thermal-camera-ABC123 is provisioned (proved on 2026-01-02, not asked now)
        Folder     /camera
        Server     mqtts://tb.example.org:8883
        Device id  99999999-2222-4333-8444-555555555555
        Since      2026-01-02T03:04:06.000Z
        Next       nothing. To have the server asked again, put provision.txt there.
      "
    `);
  });

  it("of a success in a folder that had no configuration says that it was made, and where", () => {
    const text = endingOf({ ...provisioned, configuration: { path: "/camera/thermal_config.json", isNew: true } });
    expect(text).toContain("PASS  thermal-camera-ABC123 is provisioned");
    expect(text).toContain("/camera/thermal_config.json was made new: there was none");
    expect(text).not.toContain("can be started");
  });

  it("of a run with nothing to do on a camera that is not provisioned is no PASS, and names the folder and what it misses", () => {
    const missing = ["provision.txt", "provision.json"];
    const bare = { ...nothingToDo.camera, state: "not provisioned", device: undefined, missing } as const;
    expect(endingOf({ ...nothingToDo, camera: bare })).toMatchInlineSnapshot(`
      "
      NOTE  this camera is not provisioned
        Folder     /camera
        Missing    provision.txt, provision.json
        Next       if this is the camera's folder, put provision.json and
                   provision.txt there; else name it with --directory. Then start
                   again.
      "
    `);
  });

  it("of credentials that no run has proved, and of a configuration that cannot be used, is no PASS", () => {
    for (const state of ["unproved", "unknown"] as const) {
      const text = endingOf({ ...nothingToDo, camera: { ...nothingToDo.camera, state } });
      expect(text).toMatch(/^\nNOTE {2}/);
      expect(text).not.toContain("PASS");
    }
  });

  it("of a file with a mistake", () => {
    expect(endingOf(invalid)).toMatchInlineSnapshot(`
      "
      Usual causes
        1. A mistyped key or value
        2. The file was saved as UTF-16, or cut off while copying
      On the device
        - Correct the lines that the message names; docs/files.md lists every key

        Next       correct the cause, then start again.

      FAIL  CREDENTIALS_FILE_INVALID (exit status 78)
      provision.json in /camera cannot be used:
        provision.json:3:18: server_port: found the text "1883", expected a port
        number, 1 to 65535
      provision.json can be read, but it does not say what is needed.
      "
    `);
  });

  it("of a failure that may pass", () => {
    expect(endingOf(refused)).toMatchInlineSnapshot(`
      "
      Usual causes
        1. ThingsBoard is restarting
        2. server_port is wrong
        3. A firewall rejects the connection
      On the device
        - Check server_port and use_ssl together: usually 8883 with TLS, 1883 with
          plain text
      On the server
        - Check that the MQTT transport runs and is published on that port

        Device     thermal-camera-ABC123 (the name is kept)
        Next       start again after 10 s, or with --wait, which keeps trying: the
                   camera keeps its name and token.

      FAIL  CONNECTION_REFUSED (exit status 75)
      tb.example.org:8883: nothing listens there
      Nothing listens at the server's address and port.
      "
    `);
  });

  it.each(errorCodes)("of %s has the code and the sentence last, where a small terminal shows them", (code) => {
    const error = new ProvisioningError(code, "camera.example.org: what went wrong here");
    const lines = endingOf(failed(error)).trimEnd().split("\n");
    const verdict = lines.findLastIndex((line) => /^(FAIL|STOPPED) /.test(line));
    expect(verdict).toBeGreaterThan(-1);
    expect(lines.length - verdict).toBeLessThanOrEqual(6);
  });

  it("of a run that was stopped", () => {
    expect(endingOf(interrupted)).toMatchInlineSnapshot(`
      "
      STOPPED  stopped by SIGINT; the next run goes on where this one stopped
        Device     thermal-camera-ABC123 (the name is kept)
        Next       start again.
      "
    `);
  });

  it("never shows the token", () => {
    expect(endingOf(provisioned) + endingOf(alreadyProvisioned)).not.toContain(token);
  });

  it("has no line wider than the terminal, unless of one long word", () => {
    for (const outcome of [provisioned, alreadyProvisioned, nothingToDo, refused, interrupted]) {
      const lines = endingOf(outcome, { columns: 60 }).split("\n");
      expect(lines.filter((line) => line.length > 60)).toEqual([]);
    }
  });

  it("shows control characters as question marks, so that no text can write on the terminal", () => {
    const error = new ProvisioningError("FOLDER_MISSING", "/camera\x1b[2J\r\x07\x9b does not exist");
    expect(endingOf(failed(error))).toContain("/camera?[2J??? does not exist");
  });
});

test("colours are there when they are wanted, and only then", () => {
  const start = "\x1b[";
  expect(endingOf(provisioned, { colours: true })).toContain(`${start}1m${start}32mPASS`);
  expect(endingOf(refused, { colours: true })).toContain(`${start}1m${start}31mFAIL`);
  expect(endingOf(provisioned)).not.toContain(start);
});
