import { describe, expect, it } from "vitest";
import { Camera } from "./camera.ts";

/** Does `act` when the server hears the request: after the intent, before the answer. Gives whether it was done. */
function whenAsked(camera: Camera, act: () => void): () => boolean {
  let isDone = false;
  const stop = camera.simulator.on((event) => {
    if (event.type !== "exchange" || event.exchange.topic !== "/provision/request") return;
    stop();
    act();
    isDone = true;
  });
  return () => isDone;
}

const deeds: Readonly<Record<string, (camera: Camera) => void>> = {
  "takes the trigger away": (camera) => camera.remove("provision.txt"),
  "writes into the trigger": (camera) => camera.write("provision.txt", "again"),
  "takes the trigger away and puts another one there": (camera) => {
    camera.remove("provision.txt");
    camera.write("provision.txt", "again");
  },
  "takes provision.json away": (camera) => camera.remove("provision.json"),
  "writes another name and key into provision.json": (camera) =>
    camera.credentials({ provision_device_key: "anotherProvisionKey9", device_name: "another" }),
};

describe("somebody who, while the server is asked,", () => {
  it.each(Object.entries(deeds))("%s changes nothing about this run, and there is one device", async (_, deed) => {
    await using camera = await Camera.start();
    const wasDone = whenAsked(camera, () => deed(camera));
    expect(await camera.run()).toMatchObject({ result: "provisioned" });
    expect(wasDone()).toBe(true);
    expect(camera.has("provision.txt")).toBe(false);
    expect(camera.has("provision.txt.processed")).toBe(true);
    expect(camera.tokensOnServer).toEqual([camera.token]);
    expect(camera.simulator.devices[0]?.name).not.toBe("another");
    expect(camera.journal).toEqual([]);
    expect(await camera.run()).toMatchObject({ result: "nothing_to_do" });
    expect(camera.simulator.devices).toHaveLength(1);
  });
});
