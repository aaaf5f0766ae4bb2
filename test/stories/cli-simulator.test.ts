import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generate } from "mqtt-packet";
import { describe, expect, it } from "vitest";
import { Command, run } from "./command.ts";
import { temporaryFolder } from "./temporary-folder.ts";

/** The command `simulator` on a free port, and a camera's folder with the provision.json that it prints. */
class Rehearsal implements AsyncDisposable {
  readonly directory = mkdtempSync(join(tmpdir(), "rehearsal-"));
  readonly command: Command;

  private constructor(parameters: readonly string[]) {
    this.command = new Command(["simulator", "--port", "0", ...parameters]);
  }

  static async start(...parameters: readonly string[]): Promise<Rehearsal> {
    const rehearsal = new Rehearsal(["--json", ...parameters]);
    await rehearsal.command.printed('"provision_json"');
    return rehearsal;
  }

  /** Puts what the simulator says into the camera's folder. */
  async provision(changes: Readonly<Record<string, unknown>> = {}) {
    const shown = /\{"type":"provision_json","content":(.*)\}\n/.exec(this.command.out)?.[1] ?? "{}";
    writeFileSync(join(this.directory, "provision.json"), JSON.stringify({ ...JSON.parse(shown), ...changes }));
    writeFileSync(join(this.directory, "provision.txt"), "");
    return run(["provision", "-d", this.directory, "--log-level", "silent"]);
  }

  get token(): string | undefined {
    const config = readFileSync(join(this.directory, "thermal_config.json"), "utf8");
    return /"access_token": "([^"]*)"/.exec(config)?.[1];
  }

  async stop() {
    this.command.signal("SIGTERM");
    return this.command.ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    rmSync(this.directory, { recursive: true });
  }
}

describe("the command `simulator`", () => {
  it("prints a provision.json that works, the device that appears, and every exchange, secrets masked", async () => {
    await using rehearsal = await Rehearsal.start();
    const { outcome } = await rehearsal.provision();
    expect(outcome).toMatchObject({ result: "provisioned" });
    const { exitStatus, events, out } = await rehearsal.stop();
    expect(exitStatus).toBe(0);
    const { device_name: name } = Object(outcome["credentials"]);
    expect(events).toContainEqual(expect.objectContaining({ type: "device_created", device_name: name }));
    const texts = events.filter(({ type }) => type === "exchange").map(({ text }) => String(text));
    expect(texts[0]).toMatch(/^CONNECT /);
    expect(texts.join("\n")).toContain("/provision/request");
    expect(out).not.toContain(rehearsal.token);
  });

  it("shows secrets when that is asked for", async () => {
    await using rehearsal = await Rehearsal.start("--show-secrets");
    await rehearsal.provision();
    const { out } = await rehearsal.stop();
    expect(out).toContain(rehearsal.token);
  });

  it("gives registered devices their tokens, and refuses others", async () => {
    await using rehearsal = await Rehearsal.start("--strategy", "check-pre-provisioned", "--device", "hall-3=Token3");
    expect((await rehearsal.provision({ device_name: "hall-3" })).outcome).toMatchObject({ result: "provisioned" });
    expect(rehearsal.token).toBe("Token3");
  });

  it("has the key and the secret that it was given", async () => {
    await using rehearsal = await Rehearsal.start("--key", "theKey", "--secret", "theSecret", "--show-secrets");
    expect((await rehearsal.provision({ provision_device_secret: "another" })).exitStatus).toBe(77);
    expect((await rehearsal.provision()).exitStatus).toBe(0);
  });

  it.each([["--json"], []])("masks the key and the secret that it was given, and says so: %s", async (...form) => {
    const command = new Command(["simulator", "--port", "0", "--key", "theKey", "--secret", "theSecret", ...form]);
    await command.printed("provision_device_secret");
    await command.printed("\n");
    command.signal("SIGINT");
    const { exitStatus, out } = await command.ended;
    expect(exitStatus).toBe(0);
    expect(out).toMatch(/"provision_device_secret": ?"\[secret\]"/);
    expect(out).not.toMatch(/theKey|theSecret/);
    if (form.length === 0) expect(out).toContain("--show-secrets shows them here");
  });

  it.each([["--json"], []])("shows the signs by which a stranger would write on the terminal: %s", async (...form) => {
    const command = new Command(["simulator", "--port", "0", ...form]);
    const url = form.length === 0 ? /mqtt:\/\/127\.0\.0\.1:(\d+)/ : /"port":(\d+)/;
    await command.printed(form.length === 0 ? "Ctrl-C ends it." : '"provision_json"');
    const topic = "v1/devices/me/x\u001b[2J\u009b31m\u202e\u2028\n  9.999 s  device created: fake";
    const socket = connect(Number(url.exec(command.out)?.[1]), "127.0.0.1");
    const strange = generate({ cmd: "publish", topic, payload: Buffer.from(topic), qos: 0, dup: false, retain: false });
    const subscribe = generate({ cmd: "subscribe", messageId: 1, subscriptions: [{ topic, qos: 0 }] });
    socket.write(
      Buffer.concat([generate({ cmd: "connect", clientId: topic, clean: true, username: "none" }), strange]),
    );
    socket.write(subscribe);
    await command.printed("PUBLISH");
    socket.destroy();
    command.signal("SIGINT");
    const { out } = await command.ended;
    expect(out.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    expect(out).toContain("fake");
    expect(out.split("\n").filter((line) => /^ *9\.999 s {2}device created/.test(line))).toEqual([]);
  });

  it("rehearses a ready scenario, records it, and knows the camera again after a restart", async () => {
    using folder = temporaryFolder("rehearsal-");
    const [state, record] = [join(folder.path, "state.json"), join(folder.path, "transcript.json")];
    await using rehearsal = await Rehearsal.start("--scenario", "reply-cut-off", "--state", state, "--record", record);
    expect((await rehearsal.provision()).outcome).toMatchObject({ result: "provisioned" });
    expect((await rehearsal.stop()).events).toContainEqual(expect.objectContaining({ type: "behaviour" }));
    const { packets, connections, server_effect: effect } = JSON.parse(readFileSync(record, "utf8"));
    expect(packets[0]).toMatchObject({ direction: "sent", connection: 1, hex: expect.stringMatching(/^10/) });
    expect(connections[0]).toMatchObject({ ended_by: "server" });
    expect(effect).toMatchObject([{ device_exists: true, credentials_id: rehearsal.token }]);

    await using again = await Rehearsal.start("--state", state);
    const [listening] = again.command.events;
    expect(listening?.["devices"]).toEqual([effect[0].device_name]);
    expect(readFileSync(state, "utf8")).toContain(rehearsal.token);
  });

  it("speaks to people without --json", async () => {
    const command = new Command(["simulator", "--port", "0"]);
    await command.printed("Ctrl-C ends it.");
    command.signal("SIGINT");
    const { exitStatus, out } = await command.ended;
    expect(exitStatus).toBe(0);
    expect(out).toMatch(/^ThingsBoard simulator at mqtt:\/\/127\.0\.0\.1:\d+, strategy allow-create\n/);
    expect(out).toContain('"provision_device_key": "simulatorKey01234567"');
  });

  it("says so when its port is in use", async () => {
    await using rehearsal = await Rehearsal.start();
    const [listening] = rehearsal.command.events;
    const { exitStatus, err } = await run(["simulator", "--port", String(listening?.["port"])]);
    expect(exitStatus).toBe(64);
    expect(err).toContain("is in use; --port 0 takes any free one");
  });
});

describe("the command `demo`", () => {
  it("plays three acts in under ten seconds, every claim holds, and nothing is left behind", async () => {
    using folder = temporaryFolder("demo-");
    const started = performance.now();
    const { exitStatus, out, err } = await run(["demo"], { TMPDIR: folder.path });
    expect(performance.now() - started).toBeLessThan(10_000);
    expect(err).toBe("");
    expect(exitStatus).toBe(0);
    const titles = out.split("\n").filter((line) => /^\d {2}/.test(line));
    expect(titles).toEqual(["1  A camera provisions itself", "2  The answer is lost on the way", "3  A wrong secret"]);
    expect(out).toContain("FAIL  PROVISION_DATA_NOT_FOUND (exit status 77)");
    expect(out).not.toContain("undefined");
    const [, held, made] = /(\d+) of (\d+) claims hold/.exec(out) ?? [];
    expect([held, out.match(/^ {2}ok {2}/gm)?.length]).toEqual([made, Number(made)]);
    expect(readdirSync(folder.path)).toEqual([]);
  });

  it("leaves the cameras' folders where --keep says", async () => {
    using folder = temporaryFolder("demo-");
    const { exitStatus } = await run(["demo", "--keep", join(folder.path, "new", "place")]);
    expect(exitStatus).toBe(0);
    expect(readdirSync(join(folder.path, "new", "place"))).toEqual(["1-provisioned", "2-reply-lost", "3-wrong-secret"]);
  });

  it("that is stopped ends with 130 and takes its folders away", async () => {
    using folder = temporaryFolder("demo-");
    const command = new Command(["demo"], { TMPDIR: folder.path });
    await command.printed("DETECTING_FILES");
    command.signal("SIGINT");
    const { exitStatus, sinceSignal } = await command.ended;
    expect(exitStatus).toBe(130);
    expect(sinceSignal).toBeLessThan(1000);
    expect(readdirSync(folder.path)).toEqual([]);
  });
});
