import { expect, it } from "vitest";
import { Camera } from "./camera.ts";

it.each(["provision.txt.txt", "PROVISION.TXT"])(
  "A trigger that is named %s is no trigger, and that is said.",
  async (name) => {
    await using camera = await Camera.start();
    camera.remove("provision.txt");
    camera.write(name, "");
    const message = `There is no provision.txt, but a file with nearly that name. It is ${name}.`;
    expect(await camera.run()).toMatchObject({
      result: "nothing_to_do",
      exitStatus: 0,
      warnings: [{ code: "TRIGGER_MISNAMED", message }],
    });
    expect(camera.simulator.heard).toEqual([]);
  },
);
