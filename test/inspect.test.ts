import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { inspect } from "../src/inspect.ts";
import { Camera } from "./stories/camera.ts";

test("a trigger that is no file does not hide the last status, and the next run will say what is wrong", async () => {
  await using camera = await Camera.start();
  await camera.run();
  mkdirSync(join(camera.directory, "provision.txt"));
  const { directory } = camera;
  expect(await inspect({ directory })).toMatchObject({
    status: { currentState: "COMPLETED" },
    activity: "ended",
    nextRun: "unclear",
  });
  expect(await camera.run()).toMatchObject({ result: "failed", error: { errorCode: "TRIGGER_INVALID" } });
});
