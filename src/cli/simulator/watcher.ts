import { resolve } from "node:path";
import type { Duration } from "../../base/duration.ts";
import { visible } from "../../model/problem.ts";
import {
  type DeviceProfile,
  defaultProfile,
  describe,
  type ScenarioFile,
  type Secrecy,
  type Simulator,
  type SimulatorEvent,
} from "../../simulator/index.ts";
import type { Io } from "../io.ts";
import { printJson } from "../report/print.ts";
import { lookOf } from "../text/look.ts";
import type { Styles } from "../text/styles.ts";
import { hanging } from "../text/wrap.ts";

/** Tells what goes on in a simulator. */
interface Watcher {
  begin(): void;
  readonly event: (event: SimulatorEvent) => void;
}

interface Watched {
  readonly simulator: Pick<Simulator, "host" | "port" | "url" | "httpUrl" | "devices" | "version" | "behavesAs">;
  readonly profile: DeviceProfile;
  readonly strategy: string;
  readonly scenario: ScenarioFile | undefined;
}

interface Form {
  readonly json: boolean;
  readonly showSecrets: boolean;
  readonly tlsCert: string | undefined;
}

export function watcher(form: Form, io: Io, watched: Watched): Watcher {
  return form.json ? inJson(form, io, watched) : forPeople(form, io, watched);
}

/** A `provision.json` for this simulator, to be copied into a camera's folder; none where nobody provisions by key. */
function provisionJson(
  { simulator: { host, port }, profile }: Watched,
  { tlsCert, showSecrets }: Form,
): Record<string, unknown> | undefined {
  if (profile.provisionDeviceKey === undefined) return undefined;
  const everywhere = host === "0.0.0.0" || host === "::";
  return {
    server_url: everywhere ? "127.0.0.1" : host,
    server_port: port,
    provision_device_key: isMasked({ profile }, { showSecrets }) ? mask : profile.provisionDeviceKey,
    provision_device_secret: isMasked({ profile }, { showSecrets }) ? mask : profile.provisionDeviceSecret,
    use_ssl: tlsCert !== undefined,
    ...(tlsCert === undefined ? {} : { ca_file: resolve(tlsCert) }),
  };
}

const mask = "[secret]";

/** Key and secret that somebody chose may open more than this simulator; its own stand in the manual. */
function isMasked({ profile }: Pick<Watched, "profile">, { showSecrets }: Pick<Form, "showSecrets">): boolean {
  const { provisionDeviceKey, provisionDeviceSecret } = defaultProfile;
  const isOwn =
    profile.provisionDeviceKey === provisionDeviceKey && profile.provisionDeviceSecret === provisionDeviceSecret;
  return !isOwn && !showSecrets;
}

function forPeople(form: Form, io: Io, watched: Watched): Watcher {
  const { width, styles } = lookOf(io);
  const line = (text = "") => io.out(`${text}\n`);
  const since = io.clock.elapsed();
  const time = () => styles.faint(`${((io.clock.elapsed() - since) / 1000).toFixed(3).padStart(9)} s  `);
  return {
    begin() {
      const { url, httpUrl, devices } = watched.simulator;
      line(`${styles.strong(`ThingsBoard simulator at ${url}`)}, strategy ${watched.strategy}`);
      if (httpUrl !== undefined) line(`  HTTP:       ${httpUrl}`);
      const { version, behavesAs } = watched.simulator;
      if (version !== behavesAs) line(`  version:    ${version}, which was not recorded: it behaves as ${behavesAs}`);
      const described = watched.scenario === undefined ? "none" : watched.scenario.description;
      for (const text of hanging("  scenario:   ", described, width)) line(text);
      for (const { name } of devices) line(`  registered: ${visible(name)}`);
      line();
      const content = provisionJson(watched, form);
      if (content !== undefined) {
        line("provision.json for it, to put into a camera's folder beside an empty provision.txt:");
        for (const text of JSON.stringify(content, null, 2).split("\n")) line(`  ${text}`);
        if (isMasked(watched, form)) line("Key and secret are those that you gave; --show-secrets shows them here.");
        line();
      }
      line(styles.faint("Ctrl-C ends it."));
    },
    event(event) {
      const text = eventInWords(event, styles, form.showSecrets ? "shown" : "masked");
      if (text !== undefined) line(time() + text);
    },
  };
}

function eventInWords(
  event: SimulatorEvent,
  { strong, faint, attention }: Styles,
  secrets: Secrecy,
): string | undefined {
  switch (event.type) {
    case "connection opened":
      return faint(`#${event.connection} connected from ${event.remoteAddress}`);
    case "connection closed":
      return faint(`#${event.connection} closed by the ${closerOf(event)}`);
    case "connection turned away":
      return faint(`turned away from ${event.remoteAddress}: ${event.why}`);
    case "request refused":
      return attention(`${event.status} for ${visible(JSON.stringify(event.deviceName))}: ${visible(event.why)}`);
    case "left out":
      return attention(`#${event.connection} left out: ${visible(event.what)}`);
    case "exchange": {
      const { connection, from } = event.exchange;
      const arrow = from === "client" ? "device >" : "< server";
      return `${faint(`#${connection}`)} ${arrow} ${describe(event.exchange, secrets)}`;
    }
    case "device created":
    case "device claimed":
    case "device removed":
    case "credentials changed": {
      const { name, id } = event.device;
      return `${strong(`${event.type}: ${visible(JSON.stringify(name).slice(1, -1))}`)} ${faint(`(id ${id})`)}`;
    }
    case "behaviour":
      return attention(`#${event.connection} misbehaves: ${visible(JSON.stringify(event.behaviour))}`);
    case "listening":
      return "listening again";
    case "session opened":
    case "session closed":
      return undefined;
  }
}

function closerOf({ by, why }: Extract<SimulatorEvent, { type: "connection closed" }>): string {
  return by === "client" ? "device" : `server${why === undefined ? "" : `: ${visible(why)}`}`;
}

function inJson(form: Form, io: Io, watched: Watched): Watcher {
  const line = (type: string, fields: object) => printJson(io, { type, ...fields });
  return {
    begin() {
      const { url, host, port, httpUrl, devices, version, behavesAs } = watched.simulator;
      const names = devices.map(({ name }) => name);
      line("listening", {
        url,
        host,
        port,
        http_url: httpUrl,
        version,
        behaves_as: behavesAs,
        strategy: watched.strategy,
        devices: names,
      });
      const content = provisionJson(watched, form);
      if (content !== undefined) line("provision_json", { content });
    },
    event(event) {
      const fields = eventAsJson(event, form.showSecrets ? "shown" : "masked");
      if (fields !== undefined) line(event.type.replaceAll(" ", "_"), fields);
    },
  };
}

function eventAsJson(event: SimulatorEvent, secrets: Secrecy): object | undefined {
  switch (event.type) {
    case "connection opened":
      return { connection: event.connection, remote_address: event.remoteAddress };
    case "connection closed":
      return { connection: event.connection, by: event.by, why: event.why };
    case "connection turned away":
      return { remote_address: event.remoteAddress, why: event.why };
    case "request refused":
      return { device_name: event.deviceName, status: event.status, why: event.why };
    case "left out":
      return { connection: event.connection, what: event.what };
    case "exchange": {
      const { connection, from, packet, elapsed } = event.exchange;
      return { connection, from, packet, at_seconds: inSeconds(elapsed), text: describe(event.exchange, secrets) };
    }
    case "device created":
    case "device claimed":
    case "device removed":
    case "credentials changed":
      return { device_name: event.device.name, device_id: event.device.id };
    case "behaviour":
      return { connection: event.connection, behaviour: event.behaviour };
    case "session opened":
    case "session closed":
      return { connection: event.connection, device_name: event.deviceName };
    case "listening":
      return undefined;
  }
}

function inSeconds(duration: Duration): number {
  return Math.round(duration) / 1000;
}
