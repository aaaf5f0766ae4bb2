import { expect, it } from "vitest";
import { milliseconds } from "../../src/base/duration.ts";
import { nodeFileSystem } from "../../src/files/disk/file-system.ts";
import { readStatus } from "../../src/files/status-file.ts";
import { idle, type ProvisioningState } from "../../src/model/provisioning-status.ts";
import { ShownStatus } from "../../src/run/shown-status.ts";
import { FakeClock } from "../base/fake-clock.ts";
import { cameraFolder } from "../files/camera-folder.ts";
import { failingAt } from "../files/disk/watched-file-system.ts";
import { attemptId } from "../files/sample.ts";

function shownStatus(files = nodeFileSystem) {
  const clock = new FakeClock();
  const directory = cameraFolder();
  const failures: unknown[] = [];
  const shown = new ShownStatus({ files, directory, clock }, (error) => failures.push(error));
  const status = (currentState: ProvisioningState) => ({ ...idle(clock.now(), attemptId), currentState });
  const show = (state: ProvisioningState) => shown.show(status(state));
  const open = () => shown.open(status("IDLE"));
  const inFile = () => readStatus(nodeFileSystem, directory)?.currentState;
  return { clock, shown, open, show, inFile, failures };
}

it("a state that passes within 200 ms is not written, and the one that is there then is", async () => {
  const { clock, open, show, inFile } = shownStatus();
  open();
  expect(inFile()).toBe("IDLE");
  show("DETECTING_FILES");
  await clock.advance(milliseconds(150));
  show("LOADING_CONFIG");
  await clock.advance(milliseconds(49));
  expect(inFile()).toBe("IDLE");
  await clock.advance(milliseconds(1));
  expect(inFile()).toBe("LOADING_CONFIG");
  show("CONNECTING");
  await clock.advance(milliseconds(199));
  expect(inFile()).toBe("LOADING_CONFIG");
  await clock.advance(milliseconds(1));
  expect(inFile()).toBe("CONNECTING");
});

it("the wait for the answer and the end of a run are written at once, and nothing comes after them", async () => {
  const { clock, shown, open, show, inFile } = shownStatus();
  open();
  for (const state of ["WAITING_RESPONSE", "COMPLETED"] as const) {
    show("CONNECTING");
    show(state);
    expect(inFile()).toBe(state);
  }
  shown.close();
  show("CONNECTING");
  await clock.advance(milliseconds(1000));
  expect(inFile()).toBe("COMPLETED");
});

it("a run that ends where it was leaves that in the file", () => {
  const { shown, open, show, inFile } = shownStatus();
  open();
  show("CONNECTING");
  shown.close();
  expect(inFile()).toBe("CONNECTING");
});

it("without the lock nothing is written, and where it failed nothing more", async () => {
  const { clock, shown, open, show, inFile, failures } = shownStatus(failingAt("rename", "EIO", 2));
  show("COMPLETED");
  expect(inFile()).toBeUndefined();
  open();
  show("CONNECTING");
  await clock.advance(milliseconds(200));
  expect(failures).toHaveLength(1);
  show("COMPLETED");
  shown.close();
  expect([inFile(), failures.length]).toEqual(["IDLE", 1]);
});
