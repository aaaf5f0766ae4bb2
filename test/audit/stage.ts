import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Command, run } from "../stories/command.ts";
import { temporaryFolder } from "../stories/temporary-folder.ts";

type Json = Readonly<Record<string, unknown>>;

/** What was to be seen of a camera after its run: what the command said, what is in its folder, what the server heard. */
export interface Seen {
  readonly exitStatus: number | null;
  readonly outcome: Json;
  readonly error: Json;
  readonly status: Json;
  /** The states that were shown, in their order, those of the end included. */
  readonly states: readonly unknown[];
  readonly warnings: readonly unknown[];
  /** Why it was tried again. */
  readonly retries: readonly Json[];
  /** The lines of the log, by what they say. */
  readonly log: Json;
  readonly config: Json;
  readonly configText: string;
  readonly statusFile: Json;
  readonly names: readonly string[];
  /** The requests for this camera that came to the server. */
  readonly requests: readonly Json[];
  readonly directory: string;
}

interface Cut {
  readonly until?: string;
  readonly meanwhile?: () => Promise<void>;
}

/** The simulator's command, and cameras that are sent to it, each in a folder of its own. */
export class Stage implements AsyncDisposable {
  readonly port: number;
  readonly #simulator: Command;
  readonly #root = temporaryFolder("audit-");

  private constructor(simulator: Command, port: number) {
    this.#simulator = simulator;
    this.port = port;
  }

  static async open(behaviours: readonly object[], devices: Readonly<Record<string, string>>): Promise<Stage> {
    using folder = temporaryFolder("audit-scenario-");
    const scenario = join(folder.path, "scenario.json");
    writeFileSync(scenario, JSON.stringify({ description: "Each camera has its own trouble.", behaviours }));
    const registered = Object.entries(devices).flatMap(([name, token]) => ["--device", `${name}=${token}`]);
    const choices = ["--key", provisionKey, "--secret", provisionSecret, "--scenario", scenario, ...registered];
    const simulator = new Command(["simulator", "--port", "0", "--json", "--show-secrets", ...choices]);
    await simulator.printed('"listening"');
    return new Stage(simulator, Number(simulator.events[0]?.["port"]));
  }

  /** What the simulator said of this kind. */
  told(type: string): readonly Json[] {
    return this.#simulator.events.filter((event) => event["type"] === type);
  }

  /** A folder with a trigger and this `provision.json`; keys that are undefined are left out. */
  camera(name: string, changes: Json = {}): string {
    const directory = join(this.#root.path, name);
    mkdirSync(directory);
    const content = {
      ...{ server_url: "127.0.0.1", server_port: this.port, use_ssl: false },
      ...{ provision_device_key: provisionKey, provision_device_secret: provisionSecret },
      ...changes,
    };
    writeFileSync(join(directory, "provision.json"), JSON.stringify(content, null, 2), { mode: 0o600 });
    writeFileSync(join(directory, "provision.txt"), "");
    return directory;
  }

  /** A run to its end; or `until` the command has printed something, and after what is done `meanwhile` it is killed. */
  async run(directory: string, { until, meanwhile }: Cut = {}): Promise<Seen> {
    const command = new Command(["provision", "-d", directory, "--json", "--log-level", "debug"]);
    if (until !== undefined) {
      await command.printed(until);
      await meanwhile?.();
      command.signal("SIGKILL");
    }
    const { exitStatus, events, outcome, err } = await command.ended;
    const configText = textOf(directory, "thermal_config.json");
    return {
      exitStatus,
      outcome,
      error: { ...Object(outcome["error"]) },
      status: { ...Object(outcome["status"]) },
      states: events.filter(({ type }) => type === "status").map((event) => event["current_state"]),
      warnings: events.filter(({ type }) => type === "warning").map(({ code }) => code),
      retries: events.filter(({ type }) => type === "retry"),
      log: Object.fromEntries(linesOf(err).map((line) => [line["msg"], line])),
      config: jsonOf(configText.replace(/^\s*\/\/.*$/gm, "")),
      configText,
      statusFile: jsonOf(textOf(directory, "provisioning_status.json")),
      names: readdirSync(directory).sort(),
      requests: this.#requestsFor(jsonOf(textOf(directory, "provisioning_status.json"))["device_name"]),
      directory,
    };
  }

  #requestsFor(name: unknown): readonly Json[] {
    const bodies = this.told("exchange").flatMap(({ text }) => {
      const [, payload] = /topic=\/provision\/request payload=(\{.*?\}) /.exec(`${text}`) ?? [];
      return payload === undefined ? [] : [jsonOf(payload)];
    });
    return bodies.filter((body) => body["deviceName"] === name);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#simulator.signal("SIGTERM");
    await this.#simulator.ended;
    this.#root[Symbol.dispose]();
  }
}

export const provisionKey = "auditProvisionKey012";
export const provisionSecret = "auditProvisionSecret";

export async function statusOf(directory: string): Promise<Json> {
  return (await run(["status", "-d", directory, "--json"])).events[0] ?? {};
}

function textOf(directory: string, name: string): string {
  try {
    return readFileSync(join(directory, name), "utf8");
  } catch {
    return "";
  }
}

function linesOf(text: string): readonly Json[] {
  return text.split("\n").map(jsonOf);
}

function jsonOf(text: string): Json {
  try {
    return { ...Object(JSON.parse(text)) };
  } catch {
    return {};
  }
}
