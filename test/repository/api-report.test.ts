import { expect, test } from "vitest";
import { read } from "./tree.ts";

const report = read("docs/api-report.md");
const sections = [...report.matchAll(/^## (\S+)\n\n```ts\n(.*?)^```/gms)].map(
  ([, name = "", declarations = ""]) => [name, declarations] as const,
);

/** What TypeScript, JavaScript and Node have. */
const builtIn = new Set([
  ...["AbortSignal", "Buffer", "Date", "Duplex", "Error", "Partial", "Pick", "Omit", "Promise", "Readonly", "Record"],
  ...["Symbol", "Uint8Array", "Extract", "AsyncGenerator", "EventListener"],
]);

/** Named in a declaration and not exported: parts of a union, names of an alias (shown beside it) and of parameters. */
const inner: Readonly<Record<string, readonly string[]>> = {
  "thermal-provision": ["Device", "Ended", "Entity", "Input", "Request", "Response", "Status", "Value"],
  "thermal-provision/simulator": [
    ...["Administration", "Checked", "Duration", "FaultName", "Level", "Name", "Problem"],
    ...["SavedDevice", "ServerOptions", "Values"],
  ],
};

test.each(sections)(
  "every type that a declaration of %s names can be imported, apart from the listed ones",
  (name, text) => {
    const declared = new Set(
      [...text.matchAll(/^export (?:declare )?(?:interface|type|class|const|function) (\w+)/gm)].map(
        ([, each]) => each,
      ),
    );
    const named = [...text.replace(/"[^"]*"/g, "").matchAll(/\b([A-Z][A-Za-z]*[a-z]\w*)\b/g)].map(
      ([, each = ""]) => each,
    );
    const missing = [...new Set(named)].filter((each) => !declared.has(each) && !builtIn.has(each));
    expect(missing.toSorted()).toEqual(inner[name]);
  },
);

test("no type of another package is part of the public surface", () => {
  expect(report).not.toMatch(/\b(valibot|BaseIssue|GenericSchema|StrictObjectSchema|mqtt-packet|pino)\b/);
});
