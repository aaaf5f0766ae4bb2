import type { Command } from "../command/command.ts";
import { choice } from "../command/option-kinds.ts";
import { encodeCamera } from "./ledger-commands.ts";
import { ledgerOptions, withStation } from "./station-options.ts";

const { json: _json, ...places } = ledgerOptions;
const format = choice("--format <format>", "for a spreadsheet or for a program (default: csv)", ["csv", "json"], "csv");

const columns = [
  ...(["serial", "device_name", "label", "device_id", "credentials_type"] as const),
  ...(["state", "when", "station", "tries", "cause"] as const),
];

export const reportCommand: Command = {
  name: "station report",
  summary: "Prints all cameras of the ledger as a table, for the quality department.",
  options: Object.values({ ...places, format }),

  async run(args, io) {
    return withStation(args, io, async (station) => {
      const isCsv = args.of(format) === "csv";
      io.out(isCsv ? `${columns.join(",")}\r\n` : "[");
      let between = "\n";
      for await (const camera of station.cameras()) {
        const row = encodeCamera(camera);
        if (isCsv) io.out(`${columns.map((column) => csvCell(row[column])).join(",")}\r\n`);
        else io.out(`${between}${JSON.stringify(row)}`);
        between = ",\n";
      }
      if (!isCsv) io.out("\n]\n");
      return 0;
    });
  },
};

/** A text that begins like a formula would be one in a spreadsheet, and could fetch and send what it likes. */
export function csvCell(value: string | number | null): string {
  const text = String(value ?? "");
  const harmless = /^[=+\-@\t\r|%]/.test(text) ? `'${text}` : text;
  return /[",\r\n;]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
