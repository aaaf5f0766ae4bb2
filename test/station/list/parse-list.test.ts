import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { problemInWords } from "../../../src/model/problem.ts";
import { parseList } from "../../../src/station/list/parse-list.ts";

const encoder = new TextEncoder();

function read(text: string) {
  return parseList("list.csv", encoder.encode(text));
}

function rowsOf(text: string) {
  const list = read(text);
  if (!list.ok) throw new Error(list.problems.map(problemInWords).join("\n"));
  return list.rows;
}

function problemsOf(text: string) {
  const list = read(text);
  return list.ok ? [] : list.problems.map(problemInWords);
}

describe("a list that is right", () => {
  test("has a row for each camera, with the columns that nobody knows kept beside it", () => {
    expect(rowsOf("serial,device_name,label,batch\nTC-1,gate,West gate,42\nTC-2,,,\n")).toEqual([
      { serial: "TC-1", deviceName: "gate", label: "West gate", others: { batch: "42" }, line: 2 },
      { serial: "TC-2", deviceName: undefined, label: undefined, others: { batch: "" }, line: 3 },
    ]);
  });

  test.each([
    ["a byte order mark", "\uFEFFserial\nA1\nA2\n"],
    ["line ends of Windows", "serial\r\nA1\r\nA2\r\n"],
    ["line ends of a Macintosh of old", "serial\rA1\rA2"],
    ["no line end at the end", "serial\nA1\nA2"],
    ["empty lines and lines of separators", "serial,label\n\nA1,\n,\nA2,\n\n"],
    ["another spelling of a column, and spaces around it", " Serial ;label\nA1;x\nA2;y\n"],
    ["quotes", '"serial","label"\n"A1","x ""y"" z"\n"A2","two\nlines"\n'.replace("two\nlines", "one line")],
    ["semicolons", "serial;label\nA1;a, b\nA2;c\n"],
    ["tabs", "serial\tlabel\nA1\ta, b\nA2\tc\n"],
  ])("may have %s", (_, text) => {
    expect(rowsOf(text).map(({ serial }) => serial)).toEqual(["A1", "A2"]);
  });

  test("may have zeros at the beginning of numbers of one width", () => {
    expect(rowsOf("serial\n0999\n1000\n").map(({ serial }) => serial)).toEqual(["0999", "1000"]);
  });
});

describe("a list with mistakes", () => {
  test("tells all of them at once, each with its line and column", () => {
    expect(problemsOf("serial,device_name\n../../etc,ok\nA1, \u0007\nA1,x\nA2,x\n,y\nA3\n")).toEqual([
      "list.csv:2:1: serial: found a text of 9 characters, expected a serial number: letters, digits, '.', '_' and '-', beginning with a letter or a digit, at most 100 characters",
      "list.csv:3:2: device_name: found a text that holds a control character (U+0007) as its character 1, expected 1 to 255 characters, none of them a control character, no space at either end",
      'list.csv:4:1: serial: found the text "A1" a second time, expected it once; the first is on line 3',
      'list.csv:5:2: device_name: found the text "x" a second time, expected it once; the first is on line 4',
      "list.csv:6:1: serial: found an empty text, expected a serial number: letters, digits, '.', '_' and '-', beginning with a letter or a digit, at most 100 characters",
      "list.csv:7: found 1 cell, expected 2 cells",
    ]);
  });

  test.each(["..", ".hidden", "-rf", "a/b", "a\\b", "a b", "é", "a\u0000b", "A".repeat(101)])(
    "refuses the serial number %j",
    (serial) => {
      expect(problemsOf(`serial,label\n"${serial}",x\n`)).toHaveLength(1);
    },
  );

  test.each(["1.23E+11", "1E5", "4,5e+10", "12e-3"])("knows %s as a number that a spreadsheet wrote", (serial) => {
    expect(problemsOf(`serial\tlabel\n${serial}\tx\n`)[0]).toContain("a spreadsheet has made a number of it");
  });

  test("knows digits that have lost the zero at their beginning by the others of the column", () => {
    expect(problemsOf("serial\n00123\n456\n00789\n")).toEqual([
      'list.csv:3:1: serial: found the text "456", expected the zero at its beginning, as others have it: a spreadsheet has made a number of it',
    ]);
  });

  test("names the column that was probably meant to be the serial number", () => {
    expect(problemsOf("serail,label\nA1,x\n")[0]).toContain("(did you mean serail?)");
  });

  test.each([
    ["nothing", ""],
    ["a header alone", "serial\n"],
    ["a quote that never ends", 'serial\n"A1\nA2\n'],
    ["two columns of one name", "serial,serial\nA1,A2\n"],
    ["a column without a name", "serial,\nA1,x\n"],
  ])("is %s", (_, text) => {
    expect(problemsOf(text)).not.toEqual([]);
  });

  test("is one in another encoding", () => {
    const utf16 = Buffer.from("\uFEFFserial\nA1\n", "utf16le");
    expect(parseList("list.csv", utf16)).toMatchObject({ ok: false, problems: [{ expected: "UTF-8 text" }] });
  });
});

test("every list of serial numbers comes back as it was written, whatever stands in the other cells", () => {
  const serial = fc.stringMatching(/^[A-Z][A-Za-z0-9._-]{0,20}$/);
  const cell = fc.string({ maxLength: 40, unit: "grapheme-ascii" });
  const list = fc.uniqueArray(fc.tuple(serial, cell), { minLength: 1, maxLength: 20, selector: ([first]) => first });
  fc.assert(
    fc.property(list, (cameras) => {
      const lines = cameras.map(([each, text]) => `${each},"${text.replaceAll('"', '""')}"`);
      const rows = rowsOf(["serial,note", ...lines, ""].join("\r\n"));
      expect(rows.map(({ serial: each, others }) => [each, others["note"]])).toEqual(
        cameras.map(([each, text]) => [each, text.trim()]),
      );
    }),
  );
});

test("whatever the bytes are, there are rows or problems", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const list = parseList("list.csv", bytes);
      expect(list.ok ? list.rows.length : list.problems.length).toBeGreaterThan(0);
    }),
  );
});
