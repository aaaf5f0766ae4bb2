import { expect, test } from "vitest";
import { seconds } from "../../../src/base/duration.ts";
import { journalLines } from "../../../src/cli/provision/journal-lines.ts";
import type { Printer } from "../../../src/cli/provision/printer.ts";
import { FakeClock } from "../../base/fake-clock.ts";
import { recordedIo } from "../recorded-io.ts";
import { invalid, nothingToDo, provisioned, status, token } from "./outcomes.ts";

function printed(act: (printer: Printer) => void): string {
  const record = recordedIo({ clock: new FakeClock() });
  act(journalLines(record.io));
  return record.out;
}

test("a success is one line with the priority of a notice", () => {
  expect(printed((printer) => printer.outcome(provisioned))).toBe(
    "<5>PASS: provisioned as thermal-camera-ABC123 on mqtts://tb.example.org:8883, " +
      "device 99999999-2222-4333-8444-555555555555 [11111111-2222-4333-8444-555555555555]\n",
  );
});

test("a run with nothing to do says what the camera is", () => {
  expect(printed((printer) => printer.outcome(nothingToDo))).toBe(
    "<6>nothing to do: the camera in /camera is provisioned [11111111-2222-4333-8444-555555555555]\n",
  );
});

test("a failure that needs a person is an error, in one line, and says what starts the run again", () => {
  const [first = "", second = "", ...rest] = printed((printer) => printer.outcome(invalid))
    .trimEnd()
    .split("\n");
  expect(first).toMatch(
    /^<3>FAIL CREDENTIALS_FILE_INVALID: provision\.json in \/camera cannot be used: .*server_port.*On the device: /,
  );
  expect([second, rest]).toEqual([expect.stringMatching(/^<3>When that is mended: thermal-provision\.path/), []]);
});

test("a warning and a retry have the priority of a warning", () => {
  const output = printed((printer) => {
    printer.warning({ code: "PLAIN_TEXT", message: "not\nencrypted" });
    printer.retry({ wait: seconds(1.5), because: "NO_ANSWER", message: "silence" });
  });
  expect(output).toBe("<4>PLAIN_TEXT: not; encrypted\n<4>NO_ANSWER: silence (next try in 2 s, and so on)\n");
});

test("a day with the server away is told once an hour, not once a try", async () => {
  const clock = new FakeClock();
  const record = recordedIo({ clock });
  const printer = journalLines(record.io);
  for (let minute = 0; minute < 24 * 60; minute++) {
    printer.status({ ...status, currentState: "CONNECTING" });
    printer.retry({ wait: seconds(60), because: "CONNECTION_REFUSED", message: "192.0.2.1:1883: nobody listens" });
    await clock.advance(seconds(60));
  }
  expect(record.out.trimEnd().split("\n").length).toBe(2 * 24);
});

test("the token is in no line", () => {
  expect(printed((printer) => printer.outcome(provisioned))).not.toContain(token);
});
