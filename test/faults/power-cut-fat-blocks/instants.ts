import type { ReplayedDisk } from "./replayed-disk.ts";
import { type Scene, type Story, worldOf } from "./story.ts";
import type { LogEntry } from "./write-log.ts";

/** A moment at which the power may be cut: what the disk holds then, and what the world around it is like. */
export interface Instant {
  /** So that it can be found again in the log. */
  readonly what: string;
  readonly scene: Scene;
}

/**
 * Every instant of a log that differs from those before it, in order, from when the camera is on. `disk` is as it is
 * then, and goes on with the iteration.
 */
export function* instantsOf(log: readonly LogEntry[], { scenes }: Story, disk: ReplayedDisk): Generator<Instant> {
  const seen = new Set<string>();
  let scene: Scene | undefined;
  let writes = 0;
  for (const entry of log) {
    if (entry.kind === "write") {
      disk.write(entry);
      writes++;
    } else {
      scene = scenes[Number(entry.text)];
      if (scene === undefined) throw new Error(`nothing is told of mark ${entry.text}`);
    }
    if (scene === undefined) continue;
    const instant = worldOf(scene) + disk.digest;
    if (seen.has(instant)) continue;
    seen.add(instant);
    const device = scene.server.devices.length === 0 ? "no device" : "a device";
    const end = scene.hasEnded ? " and the command had ended" : "";
    const what = `after write ${writes}, when the server had ${device}, ${scene.heard} packets were heard${end}`;
    yield { what, scene };
  }
}
