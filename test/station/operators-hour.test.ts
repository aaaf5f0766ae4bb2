import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { Factory } from "./factory.ts";
import { describeWithLedger } from "./node-sqlite.ts";

const page = readFileSync("docs/station.md", "utf8");

/** What stands in the page between the fences of the language `language`, each block by itself. */
function blocks(language: string): readonly string[] {
  return [...page.matchAll(new RegExp(`^\`\`\`${language}\\n(?<text>[\\s\\S]*?)^\`\`\`$`, "gm"))].map(
    ({ groups }) => groups?.["text"] ?? "",
  );
}

/** Each command of a transcript, and what it printed. */
function commandsIn(transcript: string): readonly { readonly words: readonly string[]; readonly printed: string }[] {
  return transcript
    .split(/^\$ thermal-provision /m)
    .slice(1)
    .map((part) => {
      const [line = "", ...printed] = part.split("\n");
      return { words: line.split(" "), printed: sorted(printed.join("\n")) };
    });
}

/** Cameras that are provisioned at once end in any order. */
function sorted(text: string): string {
  return text.trimEnd().split("\n").toSorted().join("\n");
}

/** What differs from one hour to the next, as the page writes it. */
function normal(text: string): string {
  return text
    .replaceAll("\r", "")
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, "DEVICE-ID")
    .replace(/\d{4}-\d\d-\d\dT[0-9:.]+Z/g, "TIME")
    .replace(/\bbench-1\/[0-9a-f]{8}/g, "bench-1/RUN");
}

describeWithLedger("an operator's hour", () => {
  test("is as the page shows it: import, run, a failure with its remedy, retry, report, labels", async () => {
    const strangers = "thermal-camera-A-0003";
    await using factory = await Factory.start(undefined, { devices: [{ name: strangers }] });
    const [list = ""] = blocks("csv");
    factory.writeList(list);
    const [before = "", after = ""] = blocks("console");
    const seen = async (transcript: string) => {
      const printed: { words: readonly string[]; printed: string }[] = [];
      for (const { words } of commandsIn(transcript)) {
        const url = factory.bench.simulator.httpUrl ?? "";
        const given = words.map((word) => (word === "https://thingsboard.example" ? url : word));
        const { out } = await factory.startProgram(...given).ended;
        printed.push({ words, printed: sorted(normal(out)) });
      }
      return printed;
    };
    expect(commandsIn(before).length).toBeGreaterThan(3);
    expect(commandsIn(after).length).toBeGreaterThan(3);
    expect(await seen(before)).toEqual(commandsIn(before));
    factory.bench.simulator.removeDevice(strangers);
    expect(await seen(after)).toEqual(commandsIn(after));
  }, 120_000);
});
