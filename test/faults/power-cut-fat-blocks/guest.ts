import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { Simulator } from "../../../src/simulator/index.ts";
import { start } from "../harness/program.ts";
import { profile } from "../harness/trial.ts";
import { type Scene, storyName, writeStory } from "./story.ts";

/**
 * What init.sh starts in the second kernel: a server and one undisturbed run of the real command, whose folder is on the
 * disk that is logged. Each time the server has heard something, has made a device, or is about to answer, a mark goes
 * into the log. The server waits until it is there, so what the camera writes because of an answer comes after that
 * answer's mark.
 */
async function provisionLogged(folder: string, port: string, command: string): Promise<void> {
  await using simulator = await Simulator.start({ port: Number(port), profiles: [profile] });
  const scenes: Scene[] = [];
  const mark = (hasEnded: boolean) => {
    const scene = { heard: simulator.heard.length, server: simulator.state, hasEnded };
    writeMark(String(scenes.push(scene) - 1));
  };
  mark(false);
  simulator.on(({ type }) => {
    if (type === "exchange" || type === "device created") mark(false);
  });
  const run = await start({ directory: join(folder, "disk", "camera"), command });
  mark(true);
  writeStory(join(folder, storyName), { scenes, heard: simulator.heard, run });
}

function writeMark(text: string): void {
  const { status, stderr } = spawnSync("dmsetup", ["message", "camera", "0", "mark", text], { encoding: "utf8" });
  if (status === 0) return;
  // Nobody would miss a mark, and the simulator forgives a listener that throws.
  process.stderr.write(`no mark ${text}: ${stderr}\n`);
  process.exit(1);
}

const [folder = "", port = "", command = ""] = process.argv.slice(2);
provisionLogged(folder, port, command).catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
});
