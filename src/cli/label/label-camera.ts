import { createOnce, replaceFile } from "../../files/disk/durable-files.ts";
import { during } from "../../files/disk/file-error.ts";
import { nodeFileSystem } from "../../files/disk/file-system.ts";
import { label } from "../../label.ts";
import { ProvisioningError } from "../../model/errors.ts";
import type { ExitStatus } from "../command/command.ts";
import type { Io } from "../io.ts";
import { fact } from "../report/facts.ts";
import { printJson, printLines } from "../report/print.ts";
import { lookOf } from "../text/look.ts";

/** Anybody may read what is stuck on the case. */
const rights = { mode: 0o644 };

export async function labelCamera(
  { svg, force, directory }: { readonly directory: string; readonly svg?: string; readonly force: boolean },
  io: Io,
  { forPeople }: { readonly forPeople: boolean },
): Promise<ExitStatus> {
  const { payload, serial, deviceName, server, deviceId } = await label({ directory });
  const { qrCode } = await import("../bundles/qr-code.ts");
  if (svg !== undefined) write(svg, qrCode(payload, "svg"), force);
  if (!forPeople) {
    const fields = { serial: serial ?? null, device_name: deviceName, server, device_id: deviceId };
    printJson(io, { type: "label", ...fields, payload, file: svg ?? null });
    return 0;
  }
  const look = lookOf(io);
  printLines(io, [
    ...(svg === undefined ? [qrCode(payload, "terminal")] : []),
    ...(serial === undefined ? [] : fact("Serial", serial, look)),
    ...fact("Device", deviceName, look),
    ...fact("Server", server, look),
    ...fact("Device id", deviceId ?? "not known", look),
    ...(svg === undefined ? [] : fact("Code", svg, look)),
  ]);
  return 0;
}

function write(path: string, text: string, force: boolean): void {
  const bytes = new TextEncoder().encode(text);
  during(`writing ${path}`, () => {
    if (force) return void replaceFile(nodeFileSystem, path, bytes, { rights });
    const written = createOnce(nodeFileSystem, path, bytes, { rights, withoutLinks: "exclusive" });
    if (written === "exists") throw new ProvisioningError("USAGE", `${path} is there already; --force writes over it`);
  });
}
