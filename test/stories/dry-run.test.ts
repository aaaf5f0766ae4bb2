import { expect, it } from "vitest";
import { dryRun } from "../../src/index.ts";
import { recorded } from "../files/disk/watched-file-system.ts";
import { Camera } from "./camera.ts";

/** What a dry run opens otherwise than for reading, by its name. */
async function openedForWriting({ directory }: Camera): Promise<readonly string[]> {
  const { files, calls } = recorded();
  await dryRun({ directory, files });
  expect(calls).toContain("lstat provision.txt");
  return calls.filter((call) => /^open .* (create|overwrite)$/.test(call));
}

const trial = "open .thermal_config.json.*.tmp create";

it("a dry run opens no file that is there for writing: closing it would start the unit that watches the trigger", async () => {
  await using camera = await Camera.start();
  expect(camera.files).toEqual(expect.arrayContaining(["provision.txt", "thermal_config.json"]));
  expect(await openedForWriting(camera)).toEqual([trial]);
  expect(await camera.run()).toMatchObject({ result: "provisioned" });
  camera.write("provision.txt", "");
  expect(await openedForWriting(camera)).toEqual([trial]);
});
