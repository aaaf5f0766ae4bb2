import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { registeredProfile } from "./bench.ts";
import { Factory, listOf } from "./factory.ts";
import { describeWithLedger } from "./node-sqlite.ts";

describeWithLedger("the commands of a station", () => {
  test("with a web address and without an API key make nothing, and say what is missing", async () => {
    await using factory = await Factory.start();
    factory.writeList(listOf(1));
    await factory.run("import", "list.csv");
    const url = factory.bench.simulator.httpUrl ?? "";
    const { status, out } = await factory.run("run", "--ledger-key-file", "ledger.key", "--rest-url", url);
    expect([status, out]).toEqual([64, expect.stringContaining("egistration needs --api-key-file")]);
    expect(factory.bench.simulator.devices).toEqual([]);
  });

  test("make access tokens only over REST, and say so before anything is made", async () => {
    await using factory = await Factory.start();
    factory.writeList(listOf(1));
    const provision = join(factory.folder, "provision.json");
    const keys = JSON.parse(readFileSync(provision, "utf8"));
    writeFileSync(provision, JSON.stringify({ ...keys, credentials_type: "MQTT_BASIC" }));
    await factory.run("import", "list.csv");
    const { status, out } = await factory.run("run", ...factory.registration);
    expect([status, out]).toEqual([78, expect.stringContaining("wants MQTT_BASIC")]);
    expect((await factory.run("list", "--state", "new")).out).toContain("C-1");
    expect(factory.bench.simulator.devices).toEqual([]);
  });

  test("can leave a provision.json and a trigger, with which the camera proves and claims its device at its first start", async () => {
    await using factory = await Factory.start(undefined, { profiles: [registeredProfile] });
    factory.writeList(listOf(1));
    writeFileSync(join(factory.folder, "ours.json"), '{ "site": "hall" }');
    await factory.run("import", "list.csv");
    const choices = ["--with-provision-json", "--device-profile", "registered", "--template", "ours.json"];
    expect((await factory.run("run", ...factory.registration, ...choices)).status).toBe(0);
    const camera = join(factory.folder, "cameras", "C-1");
    expect(readdirSync(camera).toSorted()).toEqual(["provision.json", "provision.txt", "thermal_config.json"]);
    // With credentials in it the camera would take itself for provisioned, and claim nothing.
    expect(readFileSync(join(camera, "thermal_config.json"), "utf8")).toBe('{ "site": "hall" }');
    const [device] = factory.bench.simulator.devices;
    const start = ["provision", "--directory", camera, "--no-body"];
    const { status, out } = await factory.startProgram(...start).ended;
    expect([status, out]).toEqual([0, expect.stringContaining('"result":"provisioned"')]);
    expect(out).not.toContain("CLAIM_OPEN");
    expect(factory.census()).toEqual({ devices: 1, folders: 1, right: 1 });
    expect(factory.bench.simulator.devices[0]?.credentials).toEqual(device?.credentials);
    expect(readdirSync(camera)).not.toContain("provision.txt");
  });

  test("name the template when it is not a configuration", async () => {
    await using factory = await Factory.start();
    factory.writeList(listOf(1));
    writeFileSync(join(factory.folder, "ours.json"), "serial,label");
    await factory.run("import", "list.csv");
    const { status, out } = await factory.run("run", ...factory.registration, "--template", "ours.json");
    expect([status, out]).toEqual([78, expect.stringContaining("ours.json:1:1: found")]);
    expect(factory.bench.simulator.devices).toEqual([]);
  });

  test("retry says what a camera is that has not failed, and refuses one that the ledger does not have", async () => {
    await using factory = await Factory.start();
    factory.writeList(listOf(2));
    await factory.run("import", "list.csv");
    expect(await factory.run("retry", "C-1")).toMatchObject({
      status: 0,
      out: "0 to be tried once more\n  C-1 is new\n",
    });
    const { status, out } = await factory.run("retry", "C-1", "C-7");
    expect([status, out]).toEqual([64, expect.stringContaining("The ledger has no camera C-7\n")]);
  });

  test("print what a spreadsheet would take for a formula as text", async () => {
    await using factory = await Factory.start();
    factory.writeList('serial,label\nC-1,"=HYPERLINK(""http://stranger.example"")"\nC-2,+1\n');
    await factory.run("import", "list.csv");
    const { out } = await factory.run("report");
    const labels = out
      .split("\r\n")
      .slice(1, 3)
      .map((line) => line.split(",new,")[0]);
    expect(labels).toEqual([`C-1,,"'=HYPERLINK(""http://stranger.example"")",,`, "C-2,,'+1,,"]);
  });

  test("leave no ledger behind where the list is refused, and speak of the bench, not of a device", async () => {
    await using factory = await Factory.start();
    factory.writeList("serial\n../../etc\n");
    const { status, out } = await factory.run("import", "list.csv");
    expect([status, out]).toEqual([78, expect.stringContaining("At the bench\n  - Fix the lines")]);
    expect(out).not.toContain("On the device");
    expect(readdirSync(factory.folder).toSorted()).toEqual(["api.key", "ledger.key", "list.csv", "provision.json"]);
  });

  test("import says only what there is to say", async () => {
    await using factory = await Factory.start();
    factory.writeList(listOf(2));
    expect((await factory.run("import", "list.csv")).out).toBe("2 added\n");
    expect((await factory.run("import", "list.csv")).out).toBe("0 added, 2 left alone: the ledger has them\n");
  });
});
