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

test.each([
  ["port", undefined, "tb.example:1883 (plain text, by the port: nothing says otherwise)"],
  ["provision.json", {}, "tb.example:1883 (TLS, as provision.json says)"],
  ["thermal_config.json", {}, "tb.example:1883 (TLS, as thermal_config.json has it)"],
] as const)("a dry run says why there is TLS, or none: %s", (tlsFrom, tls, words) => {
  const { host, port } = rehearsal.endpoint;
  const endpoint = { host, port, ...(tls === undefined ? {} : { tls }) };
  expect(rehearsalForPeople({ ...rehearsal, tlsFrom, endpoint }, layout).join("\n")).toContain(words);
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
