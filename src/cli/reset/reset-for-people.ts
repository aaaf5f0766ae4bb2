import { reset } from "../../reset.ts";
import type { ExitStatus } from "../command/command.ts";
import type { Io } from "../io.ts";
import { printLines } from "../report/print.ts";
import { lookOf } from "../text/look.ts";
import { wrap } from "../text/wrap.ts";
import { seenWhole } from "./seen-whole.ts";

/** Says what a reset means for this folder, and does it when the user is `sure`. */
export async function resetForPeople(
  { directory, sure }: { readonly directory: string; readonly sure: boolean },
  io: Io,
): Promise<ExitStatus> {
  const { width } = lookOf(io);
  const say = (text: string) => printLines(io, wrap(text, width));
  const { journals } = await seenWhole(directory);
  if (journals.length === 0) {
    say("Nothing is unfinished in this folder; there is nothing to put aside.");
    return 0;
  }
  for (const { host, deviceNames, granted } of journals) {
    const names = deviceNames.length === 0 ? "a device" : deviceNames.join(", ");
    const fate = granted
      ? "The server has answered SUCCESS: that device exists there."
      : "That device may exist on the server, or arise there by a late request.";
    say(
      `Unfinished: ${names} on ${host}. ${fate} ` +
        "Once this is put aside no run goes on with it, and a later run makes another: delete the former on the server.",
    );
  }
  if (!sure) {
    say("Nothing was changed. `provision` goes on with what is unfinished; `reset --yes` puts it aside.");
    return 0;
  }
  for (const { host, place } of await reset({ directory, clock: io.clock })) say(`${host}: put aside in ${place}`);
  say("The next run starts from the beginning.");
  return 0;
}
