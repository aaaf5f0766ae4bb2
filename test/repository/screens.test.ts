import { expect, test } from "vitest";
import { read } from "./tree.ts";

const screens = [...read("docs/screens.md").matchAll(/^## (.*)\n[^#]*?```text\n([\s\S]*?)\n```$/gm)].map(
  ([, title = "", screen = ""]) => [title, screen.split("\n")] as const,
);

/** What somebody must find there without scrolling. */
const shown: Readonly<Record<string, readonly RegExp[]>> = {
  "A camera is provisioned": [
    /^PASS {2}thermal-camera-\w{6} is provisioned$/,
    /^ {2}Next {7}nothing: the camera can be/,
  ],
  "The server refuses key and secret": [
    /^ {2}1\. provision_device_key or provision_device_secret is mistyped/,
    /^FAIL {2}PROVISION_DATA_NOT_FOUND \(exit status 77\)$/,
    /^The server does not know this provision key with this secret/,
  ],
  "Nobody answers yet": [/CONNECTION_REFUSED: server\.example:1883/, /nothing listens there/, /^ +again in \d s$/],
  "`check` with one cause": [
    /^ {2}FAILED {3}connection: .*nothing listens there$/,
    /^ {2}skipped {2}MQTT: not looked at, because of way$/,
    /^FAIL {2}1 of \d+ failed \(exit status 75\)$/,
  ],
};

test("docs/screens.md shows every kind of ending", () => {
  expect(screens.map(([title]) => title)).toEqual(Object.keys(shown));
});

test.each(screens)("%s: fits on 80 columns and 24 lines, with what matters", (title, lines) => {
  expect(lines.length).toBeLessThanOrEqual(24);
  expect(lines.filter((line) => line.length > 80)).toEqual([]);
  for (const wanted of shown[title] ?? [])
    expect(
      lines.some((line) => wanted.test(line)),
      `${wanted}`,
    ).toBe(true);
});
