import { expect, it } from "vitest";
import { writeIntent, writeReceived } from "../../../src/files/journal/journal.ts";
import { decommission, inspect } from "../../../src/index.ts";
import { received as aReceived, intent } from "../../files/sample.ts";
import { loginIn } from "../harness/configuration.ts";
import { configName, credentialsName, lastSuccessName, triggerName } from "../harness/folder.ts";
import { type Login, secretsOf } from "../harness/login.ts";
import { recordNames } from "../harness/records.ts";
import { host } from "./configurations.ts";
import type { History } from "./history.ts";
import { Luck } from "./luck.ts";
import { directory, type MemoryDisk } from "./memory-disk.ts";
import { undisturbed } from "./play.ts";
import { Session } from "./session.ts";
import { World } from "./world.ts";

const cases = (["in order", "any subset", "FAT"] as const).flatMap((forgetting) =>
  (["ACCESS_TOKEN", "MQTT_BASIC", "X509_CERTIFICATE"] as const).map((kind) => ({ forgetting, kind })),
);

/** A camera in service with all that can hold a secret: its configuration, the record of it, a backup, journals, a leftover. */
async function inService({ forgetting, kind }: (typeof cases)[number]) {
  const camera: History["camera"] = {
    ...{ forgetting, kind, strategy: "new device", configuration: "commented", mode: 0o600, owner: 0, backups: 1 },
    ...{ namesTaken: 0, formerWorks: false },
  };
  const world = new World(camera);
  for (let run = 0; run < 2; run++) {
    const [ended] = await world.run(undisturbed);
    expect(ended?.outcome?.exitStatus).toBe(0);
    world.indulge("trigger");
  }
  const { files } = new Session(world.disk, []);
  writeIntent(files, directory, intent({ host }));
  writeReceived(files, directory, host, aReceived());
  const config = world.disk.folder().get(configName)?.bytes.toString("utf8") ?? "";
  world.put(`${configName}.backup.2000000001`, config);
  world.put(`.${configName}.0123456789abcdef.tmp`, config);
  world.put(".thermal-provision/.last-success.json.0123456789abcdef.tmp", "a token");
  // All of it is on the platter from here on.
  const disk = world.disk.afterPowerCut(new Luck(1));
  const login = loginIn(disk.folder()) ?? "";
  expect(world.server.devices.map((device) => device.login)).toContain(login);
  return { world, disk, login };
}

const onDisk = (disk: MemoryDisk) => ({ directory, files: new Session(disk, []).files });

/** Out of service, or as it was; and never told that it has lost anything. */
async function judgeCut(disk: MemoryDisk, login: Login, at: string): Promise<void> {
  const folder = disk.folder();
  const text = folder.get(configName)?.bytes.toString("utf8") ?? "";
  expect(text, at).toContain('{ "name": "bearing", "x": 10, "y": 20 }, // the hot one');
  const isInService = loginIn(folder) === login;
  if (!isInService) {
    expect(loginIn(folder), at).toBeUndefined();
    expect([folder.has(triggerName), recordNames(folder)], at).toEqual([false, []]);
  }
  const { warnings, nextRun } = await inspect(onDisk(disk));
  expect(warnings, at).toEqual([]);
  if (!isInService) expect(nextRun, at).toBe("nothing");
}

function judgeEnd(disk: MemoryDisk, login: Login, at: string): void {
  const folder = disk.folder();
  // What nobody of us has made stays: an editor's file, a certificate that the world gives every camera.
  const names = [...folder.keys()].filter((name) => !/^\.thermal-provision$|\.swp$|^own\./.test(name));
  expect(names.sort(), at).toEqual([credentialsName, configName]);
  const { device, server, provisioning } = Function(`return ${folder.get(configName)?.bytes}`)();
  expect({ device, server, provisioning }, at).toEqual({ device: { serial: "TC-0042" }, server: {}, provisioning: {} });
  for (const secret of secretsOf(login)) {
    expect(
      [...folder].filter(([, { bytes }]) => bytes.includes(secret)).map(([name]) => name),
      at,
    ).toEqual([]);
  }
}

// A power cut before each of some hundred calls, and a whole decommissioning after each of them.
const patience = 120_000;

it.each(cases)(
  "a decommissioning that a power cut stops left the credentials usable, or is finished by the next ($forgetting, $kind)",
  async (each) => {
    const { world, disk, login } = await inService(each);
    expect(disk.folder().has(lastSuccessName)).toBe(true);
    const cuts: { readonly at: string; readonly disk: MemoryDisk }[] = [];
    const session = new Session(disk, []);
    session.onFile((call, args) => {
      if (!/^(write|sync|rename|link|unlink|removeFolder|close)$/.test(call)) return;
      const at = `cut before call ${session.calls.length + 1}, ${[call, ...args.filter((arg) => typeof arg === "string")].join(" ")}`;
      for (let seed = 0; seed < 3; seed++) {
        cuts.push({ at: `${at}, seed ${seed}`, disk: disk.afterPowerCut(new Luck(session.calls.length * 3 + seed)) });
      }
    });
    const { clock } = world;
    await decommission({ directory, files: session.files, clock });
    judgeEnd(disk, login, "without a cut");
    judgeEnd(disk.afterPowerCut(new Luck(7)), login, "cut when all is done");
    expect(cuts.length).toBeGreaterThan(150);
    for (const cut of cuts) {
      await judgeCut(cut.disk, login, cut.at);
      await decommission({ ...onDisk(cut.disk), clock });
      judgeEnd(cut.disk, login, `finished after a ${cut.at}`);
      judgeEnd(cut.disk.afterPowerCut(new Luck(5)), login, `finished after a ${cut.at}, and cut once more`);
    }
  },
  patience,
);
