import { decommission, planDecommission, type Receipt } from "../../decommission.ts";
import type { ExitStatus } from "../command/command.ts";
import type { Io } from "../io.ts";
import { serverOf } from "../report/camera-for-people.ts";
import { fact, verdict } from "../report/facts.ts";
import { printJson, printLines } from "../report/print.ts";
import { type Look, lookOf } from "../text/look.ts";

/** What no program can promise. */
const flash =
  "Flash memory and journalling file systems may keep former bytes elsewhere for a while; only the device on the server being deleted makes its token worthless for certain.";

/** Says what would go, or takes the camera out of service when the user is `sure`. */
export async function decommissionCamera(
  {
    sure,
    ...choices
  }: { readonly directory: string; readonly withProvisioningSecret: boolean; readonly sure: boolean },
  io: Io,
  { forPeople }: { readonly forPeople: boolean },
): Promise<ExitStatus> {
  const receipt = await (sure ? decommission : planDecommission)({ ...choices, clock: io.clock });
  if (forPeople) printLines(io, forReaders(receipt, sure, lookOf(io)));
  else printJson(io, { type: "receipt", ...encodeReceipt(receipt, sure) });
  return 0;
}

function encodeReceipt({ directory, device, removed, at }: Receipt, done: boolean) {
  return {
    done,
    at: at.toISOString(),
    directory,
    device:
      device === undefined
        ? null
        : { device_id: device.deviceId, device_name: device.deviceName, server: serverOf(device) ?? null },
    removed: removed.map(({ what, path }) => ({ what: what.replace(" ", "_"), path })),
    not_promised: flash,
  };
}

function forReaders({ directory, device, removed, at }: Receipt, done: boolean, look: Look): string[] {
  const server = serverOf(device);
  const name = device?.deviceName || "this camera";
  return [
    ...verdict("NOTE", done ? `${name} is out of service` : `nothing was changed; with --yes this would go:`, look),
    ...fact("Folder", directory, look),
    ...fact("When", at.toISOString(), look),
    ...(server === undefined ? [] : fact("Server", `${server} was not told; delete the device there`, look)),
    ...(device?.deviceId == null ? [] : fact("Device id", device.deviceId, look)),
    ...(removed.length === 0 ? fact("Removed", "nothing: there was nothing", look) : []),
    ...removed.flatMap(({ what, path }) => fact(done ? "Removed" : "Would go", `${what}: ${path}`, look)),
    ...fact("Note", flash, look),
  ];
}
