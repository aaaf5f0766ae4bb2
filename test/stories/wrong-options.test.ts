import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { provision } from "../../src/index.ts";
import { inspect } from "../../src/inspect.ts";
import { reset } from "../../src/reset.ts";

const folder = mkdtempSync(join(tmpdir(), "wrong-options-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** As JavaScript calls it: no compiler looks at the options. */
async function called(use: (options: object) => Promise<unknown>, options: unknown): Promise<unknown> {
  const outcome: unknown = await Reflect.apply(use, undefined, [options]);
  return outcome;
}

const wrong: readonly (readonly [what: string, options: unknown, told: string])[] = [
  ["a misspelt name", { directroy: folder }, "options: directroy: found an unknown key (did you mean directory?)"],
  ["another spelling", { require_tls: true }, "options: require_tls: found an unknown key (did you mean requireTls?)"],
  ["a bare text", folder, `options: found the text "${folder}", expected an object`],
  ["nothing at all", null, "options: found null, expected an object"],
  [
    "a text for a switch",
    { requireTls: "true" },
    'requireTls: found the text "true", expected a value of the kind boolean',
  ],
  ["an inherited name", { toString: "x" }, "options: toString: found an unknown key"],
];

describe("options that JavaScript lets pass", () => {
  it.each(wrong)(
    "%s: the outcome is failed, with USAGE and what was meant, and nothing is done",
    async (_, options, told) => {
      const before = readdirSync(".");
      const outcome = await called(provision, options);
      expect(outcome).toMatchObject({
        result: "failed",
        exitStatus: 64,
        error: { errorCode: "USAGE", message: expect.stringContaining(told) },
        status: { currentState: "FAILED_CONFIG" },
      });
      expect([readdirSync(folder), readdirSync(".")]).toEqual([[], before]);
    },
  );

  it("are errors of the functions that have no outcome", async () => {
    const usage = expect.objectContaining({ errorCode: "USAGE" });
    await expect(called(inspect, { directroy: folder })).rejects.toEqual(usage);
    await expect(called(reset, { directroy: folder })).rejects.toEqual(usage);
  });

  it("may be there with nothing in them", async () => {
    const outcome = await called(provision, { directory: folder, signal: undefined, caFile: undefined });
    expect(outcome).toMatchObject({ result: "nothing_to_do" });
  });
});
