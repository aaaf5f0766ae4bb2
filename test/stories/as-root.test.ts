import { spawnSync } from "node:child_process";
import { chmodSync, chownSync, lstatSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Camera } from "./camera.ts";
import { commandPath } from "./command.ts";

const owner = 4001;
const group = 4002;

/** A camera whose folder, and what is in it, belongs to the user of the camera's own programs. */
async function cameraOfAnother(): Promise<Camera> {
  const camera = await Camera.start();
  for (const name of [".", ...readdirSync(camera.directory)]) chownSync(join(camera.directory, name), owner, group);
  return camera;
}

/** Whose everything below the folder is, without doubles: `4001:4002`. */
function owners({ directory }: Camera): readonly string[] {
  const names = readdirSync(directory, { recursive: true, encoding: "utf8" });
  const all = names.map((name) => lstatSync(join(directory, name)));
  return [...new Set(all.map(({ uid, gid }) => `${uid}:${gid}`))];
}

describe.runIf(process.getuid?.() === 0)("as root in the folder of another user", () => {
  it("everything that a success makes belongs to the owner of the folder", async () => {
    await using camera = await cameraOfAnother();
    camera.remove("thermal_config.json");
    expect(await camera.run()).toMatchObject({ result: "provisioned" });
    expect(camera.files).toContain("thermal_config.json");
    expect(owners(camera)).toEqual([`${owner}:${group}`]);
  });

  it("so does what an unfinished provisioning leaves: status, journal, and the room for the answer", async () => {
    await using camera = await cameraOfAnother();
    await camera.simulator.close();
    expect(await camera.run()).toMatchObject({ result: "failed" });
    expect(camera.journal).toEqual([join("127.0.0.1", "intent-1.json")]);
    expect(owners(camera)).toEqual([`${owner}:${group}`]);
  });

  it.each(["reset", "reset --yes", "reset --purge", "reset --purge --yes"])(
    "a third user is not told by `%s` that there is nothing: the journal cannot be looked into",
    async (command) => {
      await using camera = await cameraOfAnother();
      await camera.simulator.close();
      await camera.run();
      chmodSync(camera.directory, 0o755);
      const third = { uid: 4003, gid: 4003, encoding: "utf8" } as const;
      const parameters = [commandPath, ...command.split(" "), "-d", camera.directory];
      const { error, status, stdout } = spawnSync(process.execPath, parameters, third);
      expect(error, "the third user can run this Node").toBeUndefined();
      expect(stdout).toContain("FAIL  PERMISSION_DENIED");
      expect(stdout).not.toContain("othing");
      expect(status).toBe(73);
    },
  );
});
