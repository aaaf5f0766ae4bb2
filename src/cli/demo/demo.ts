import { join } from "node:path";
import { inWords, milliseconds } from "../../base/duration.ts";
import { ProvisioningError } from "../../model/errors.ts";
import type { ExitStatus } from "../command/command.ts";
import type { Io } from "../io.ts";
import { Place } from "./camera-folder.ts";
import { Output } from "./output.ts";
import { provisioned, replyLost, wrongSecret } from "./scenes.ts";

const scenes = [
  { title: "1  A camera provisions itself", folder: "1-provisioned", scene: provisioned },
  { title: "2  The answer is lost on the way", folder: "2-reply-lost", scene: replyLost },
  { title: "3  A wrong secret", folder: "3-wrong-secret", scene: wrongSecret },
];

/** Plays the scenes. Exit status 0 when every claim held. */
export async function runDemo({ keep }: { readonly keep: string | undefined }, io: Io): Promise<ExitStatus> {
  const output = new Output(io);
  const started = io.clock.elapsed();
  using place = new Place(keep);
  output.say(
    "A thermal camera, a ThingsBoard server, and what can go wrong between them. Nothing leaves this machine.",
  );
  try {
    for (const { title, folder, scene } of scenes) {
      output.title(title);
      await scene(output, join(place.path, folder));
    }
  } catch (error) {
    if (!io.signal.aborted) throw error;
    return ProvisioningError.from(io.signal.reason).exitStatus;
  }
  const { made, broken } = output.claims;
  output.title(`${made - broken} of ${made} claims hold, in ${inWords(milliseconds(io.clock.elapsed() - started))}.`);
  if (keep !== undefined) output.say(`The cameras' folders are in ${place.path}.`);
  return broken === 0 ? 0 : 70;
}
