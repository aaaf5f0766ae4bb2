import { purge } from "../../reset.ts";
import type { ExitStatus } from "../command/command.ts";
import type { Io } from "../io.ts";
import { printLines } from "../report/print.ts";
import { lookOf } from "../text/look.ts";
import { wrap } from "../text/wrap.ts";
import { seenWhole } from "./seen-whole.ts";

/** Says what was put aside in this folder, and removes it when the user is `sure`. */
export async function purgeForPeople(
  { directory, sure }: { readonly directory: string; readonly sure: boolean },
  io: Io,
): Promise<ExitStatus> {
  const say = (text: string) => printLines(io, wrap(text, lookOf(io).width));
  const { putAside } = await seenWhole(directory);
  if (putAside.length === 0) {
    say("Nothing was put aside in this folder.");
    return 0;
  }
  if (sure) {
    for (const place of await purge({ directory, clock: io.clock })) say(`${place}: removed`);
    return 0;
  }
  for (const place of putAside)
    say(`Put aside: ${place}. It holds the token of a device that may exist on the server.`);
  say("Nothing was changed. `reset --purge --yes` removes it for good; an unfinished provisioning is not touched.");
  return 0;
}
