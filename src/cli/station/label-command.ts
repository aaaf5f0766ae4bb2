import { join } from "node:path";
import { replaceFile } from "../../files/disk/durable-files.ts";
import { during } from "../../files/disk/file-error.ts";
import { nodeFileSystem } from "../../files/disk/file-system.ts";
import { privateRights } from "../../files/disk/rights.ts";
import { ProvisioningError } from "../../model/errors.ts";
import { labelPayload } from "../../model/label.ts";
import type { Camera } from "../../station/ledger/cameras.ts";
import { type Command, UsageError } from "../command/command.ts";
import { flag, text } from "../command/option-kinds.ts";
import { printJson, printLines } from "../report/print.ts";
import { qrCode } from "../report/qr-code.ts";
import { ledgerOptions, withStation } from "./station-options.ts";

const all = flag("--all", "a label for every camera that is proved");
const svg = flag("--svg", "write a file SERIAL.svg for each, instead of printing the codes");
const labels = text("--labels <folder>", "the folder of these files (default: labels)", "labels");

export const labelCommand: Command = {
  name: "station label",
  summary: "Makes the QR codes of proved cameras: serial number, device, server. No secret is in them.",
  operand: { name: "[serial...]", help: "the cameras that are meant", repeated: true },
  options: Object.values({ ...ledgerOptions, all, svg, labels }),

  async run(args, io) {
    const named = args.operands;
    if (named.length > 0 === args.of(all)) throw new UsageError("name the cameras, or all of them with --all");
    return withStation(args, io, async (station) => {
      const server = (await station.server()) ?? "";
      const left = new Set(named);
      let written = 0;
      for await (const camera of station.cameras(args.of(all) ? { states: ["proved"] } : { serials: named })) {
        left.delete(camera.serial);
        const payload = payloadOf(camera, server);
        if (args.of(svg)) {
          writeSvg(args.of(labels), camera.serial, qrCode(payload, "svg"));
          written++;
        } else if (!args.of(ledgerOptions.json)) {
          printLines(io, [`${camera.serial}  ${camera.deviceName ?? ""}`, qrCode(payload, "terminal")]);
        }
        if (args.of(ledgerOptions.json)) printJson(io, { type: "label", serial: camera.serial, payload });
      }
      if (left.size > 0) throw new ProvisioningError("USAGE", `the ledger has no camera ${[...left].join(", ")}`);
      if (args.of(svg) && !args.of(ledgerOptions.json)) {
        printLines(io, [`${written} ${written === 1 ? "label" : "labels"} in ${args.of(labels)}`]);
      }
      return 0;
    });
  },
};

function payloadOf({ serial, deviceName, deviceId, state }: Camera, server: string): string {
  if (state === "proved" && deviceName !== null) return labelPayload({ serial, deviceName, server, deviceId });
  throw new ProvisioningError("USAGE", `${serial} is ${state}: only what is proved gets a label`);
}

function writeSvg(folder: string, serial: string, text: string): void {
  during(`writing labels into ${folder}`, () => {
    if (nodeFileSystem.lstat(folder) === undefined) nodeFileSystem.makeFolder(folder, 0o700);
    const path = join(folder, `${serial}.svg`);
    replaceFile(nodeFileSystem, path, new TextEncoder().encode(text), { rights: privateRights });
  });
}
