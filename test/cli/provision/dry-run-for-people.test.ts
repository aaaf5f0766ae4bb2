import { expect, test } from "vitest";
import { rehearsalForPeople } from "../../../src/cli/provision/dry-run-for-people.ts";
import { stylesFor } from "../../../src/cli/text/styles.ts";
import type { DryRun } from "../../../src/dry-run.ts";

const layout = { width: 80, styles: stylesFor({ colours: false }) };

const rehearsal: DryRun = {
  triggered: true,
  running: false,
  firstStep: "probe configuration",
  warnings: [],
  endpoint: { host: "tb.example", port: 1883 },
  tlsFrom: "port",
  nameFrom: "configuration",
  deviceName: "hall",
  request: {},
  before: '{\n\t"a": 1\n}',
  after: '{\n\t"a": 2\n}',
};

test("a dry run shows the files as they are, with their tabs", () => {
  const lines = rehearsalForPeople(rehearsal, layout);
  expect(lines).toContain('  -\t"a": 1');
  expect(lines).toContain('  +\t"a": 2');
});

test("a dry run of a camera whose name was removed says that it has none", () => {
  const lines = rehearsalForPeople({ ...rehearsal, deviceName: "" }, layout);
  expect(lines).toContain("  without a name (as it is in thermal_config.json)");
});

test("nothing in the files can write on the terminal by itself", () => {
  const hostile = { ...rehearsal, deviceName: "\u001b[2J", before: "", after: '{"a": "\u009b2J"}\r\n' };
  const text = rehearsalForPeople(hostile, layout).join("\n");
  expect(text).not.toMatch(/(?!\n)\p{Cc}/u);
  expect(text).toContain('+{"a": "?2J"}');
});
