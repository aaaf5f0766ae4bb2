import { basename, resolve } from "node:path";
import { readBounded } from "../../files/disk/bounded-read.ts";
import { during } from "../../files/disk/file-error.ts";
import { nodeFileSystem } from "../../files/disk/file-system.ts";
import { ProvisioningError } from "../../model/errors.ts";
import type { LeftAlone } from "../../station/ledger/cameras.ts";
import type { ListRow } from "../../station/list/list-row.ts";
import { readList } from "../../station/list/read-list.ts";
import type { Station } from "../../station/station.ts";
import { type Command, UsageError } from "../command/command.ts";
import { printJson, printLines } from "../report/print.ts";
import { reportFailures } from "../report/report-failures.ts";
import { ledgerOptions, withStation } from "./station-options.ts";

/** A million cameras with a name and a label. */
const largestList = 256 * 1024 * 1024;
/** How many of the cameras that were left alone are named. */
const mostNamed = 20;

export const importCommand: Command = {
  name: "station import",
  summary: "Takes the cameras of a list (CSV) into the ledger: those that are new.",
  details: `The list has a header with the column serial, and may have device_name and label; other columns are kept.
Nothing is taken when anything is wrong; importing a list again adds only what is new.`,
  operand: { name: "list.csv", help: "the list" },
  options: Object.values(ledgerOptions),

  async run(args, io) {
    const path = args.operand;
    if (path === undefined) throw new UsageError("the list is missing: station import list.csv");
    const file = basename(path);
    const act = async (station: Station, rows: readonly ListRow[]) => {
      const { added, leftAlone } = await station.add(file, rows);
      const changed = leftAlone.filter(({ differs }) => differs.length > 0);
      if (args.of(ledgerOptions.json)) {
        const others = { left_alone: leftAlone.length, differs: changed.map(encodeLeftAlone) };
        printJson(io, { type: "outcome", result: "imported", exit_status: 0, added, ...others });
      } else {
        const named = changed.slice(0, mostNamed).map(({ row, differs }) => {
          return `  ${row.serial} (line ${row.line}) has another ${differs.join(" and ")} there, which stays`;
        });
        const more = changed.length > mostNamed ? [`  and ${changed.length - mostNamed} more`] : [];
        const left = leftAlone.length > 0 ? `, ${leftAlone.length} left alone: the ledger has them` : "";
        printLines(io, [`${added} added${left}`, ...named, ...more]);
      }
      return 0 as const;
    };
    return reportFailures(io, { forPeople: !args.of(ledgerOptions.json), here: "bench" }, async () => {
      // First: a list that is refused leaves no empty ledger behind.
      const rows = readList(file, bytesOf(path));
      return withStation(args, io, (station) => act(station, rows), true);
    });
  },
};

function encodeLeftAlone({ row, differs }: LeftAlone) {
  return { serial: row.serial, line: row.line, columns: differs };
}

function bytesOf(path: string): Uint8Array {
  const list = resolve(path);
  const reading = during(`reading ${list}`, () => readBounded(nodeFileSystem, list, largestList));
  if (reading.kind === "read") return reading.bytes;
  const found = reading.kind === "absent" ? "there is no such file" : `it is ${reading.found}`;
  throw new ProvisioningError("LIST_INVALID", `${list} cannot be read: ${found}`);
}
