import { describe, expect, it, test } from "vitest";
import { explanation, listOfCodes, nearestCode } from "../../../src/cli/explain/explanation.ts";
import { stylesFor } from "../../../src/cli/text/styles.ts";
import { errorTable } from "../../../src/model/error-table.ts";
import { warningTable } from "../../../src/model/warnings.ts";

const look = { width: 80, styles: stylesFor({ colours: false }) };

describe("an explanation", () => {
  it("has meaning, causes in order, what to check, exit status and whether it is retried", () => {
    expect(explanation("PROVISION_DATA_NOT_FOUND", look)?.join("\n")).toMatchInlineSnapshot(`
      "PROVISION_DATA_NOT_FOUND
      The server does not know this provision key with this secret (NOT_FOUND).

      Usual causes
        1. provision_device_key or provision_device_secret is mistyped or old
        2. Provisioning is disabled in the device profile
        3. The keys are those of another server
      On the device
        - Compare key and secret in provision.json with the device profile; then start
          again: the camera keeps its name and token
      On the server
        - Device profile, tab Device provisioning: strategy, key, secret

      Kind         AUTH
      Ends in      FAILED_VALIDATION
      Exit status  77
      Retried      no: somebody must do something first"
    `);
  });

  it("of a code that is an error as well as a warning tells both", () => {
    const text = explanation("FILES_NOT_KEPT", look)?.join("\n") ?? "";
    expect(text).toContain("FILES_NOT_KEPT (a warning)");
    expect(text).toContain("Exit status  73");
  });

  it.each([...Object.keys(errorTable), ...Object.keys(warningTable)])("of %s fits a terminal of 80 columns", (code) => {
    const lines = explanation(code, look) ?? [];
    expect(lines.length).toBeGreaterThan(3);
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
  });

  it("of an exit status has its meaning, what to do, and the errors that end with it", () => {
    expect(explanation("77", look)?.slice(0, 7).join("\n")).toBe(
      "Exit status 77\nRefused by the server, for good.\n\n" +
        "Correct what the server refused (key, secret, device name) there or in\nprovision.json, then start again.\n\n" +
        "Errors that end with it",
    );
    expect(explanation("0", look)).toEqual(["Exit status 0", "Done, already done, or nothing to do.", "", "Nothing."]);
    for (const [code, { exitStatus }] of Object.entries(errorTable)) {
      expect(explanation(String(exitStatus), look)?.filter((line) => line.split(" ")[2] === code)).toHaveLength(1);
    }
  });

  it("of an unknown code is none, and the nearest one is known", () => {
    expect(explanation("CONNECTION_LOTS", look)).toBeUndefined();
    expect(nearestCode("CONNECTION_LOTS")).toBe("CONNECTION_LOST");
  });
});

test.each([40, 80, 100])("the list has every code once at a width of %d", (width) => {
  const lines = listOfCodes({ ...look, width });
  for (const code of [...Object.keys(errorTable), ...Object.keys(warningTable)]) {
    const times = code in errorTable && code in warningTable ? 2 : 1;
    expect(lines.filter((line) => line.split(" ")[0] === code)).toHaveLength(times);
  }
});
