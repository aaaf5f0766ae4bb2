import { expect, it } from "vitest";
import { nodeFileSystem } from "../../src/files/disk/file-system.ts";
import { Camera } from "./camera.ts";

const full = { ...nodeFileSystem, space: () => ({ ...nodeFileSystem.space("."), freeBytes: 0 }) };

it("a disk that is full is noticed before the server is asked: 73", async () => {
  await using camera = await Camera.start();
  expect(await camera.run({ files: full })).toMatchObject({ exitStatus: 73, error: { errorCode: "NO_SPACE" } });
  expect(camera.simulator.heard).toEqual([]);
});

it("a disk that is still full at the start after the answer is a matter of time: 75, and nothing is lost", async () => {
  await using camera = await Camera.start({ scenario: [{ on: "probe", nth: "every", do: "close" }] });
  expect(await camera.run()).toMatchObject({ exitStatus: 75, error: { errorCode: "NOTHING_HEARD" } });
  const error = { errorCode: "NO_SPACE_AFTER_ANSWER", isRetryable: true };
  expect(await camera.run({ files: full })).toMatchObject({ exitStatus: 75, error });
  expect(camera.journal.map((name) => name.split("/").at(-1)).sort()).toEqual([
    "intent-1.json",
    "received-1.json",
    "sent-1.json",
  ]);
});
