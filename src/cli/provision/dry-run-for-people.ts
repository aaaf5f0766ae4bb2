import type { DryRun } from "../../dry-run.ts";
import { configName } from "../../files/file-names.ts";
import { proxyUrl } from "../../model/proxy.ts";
import { warningTable } from "../../model/warnings.ts";
import { serverUrl } from "../report/server-url.ts";
import { difference } from "../text/difference.ts";
import type { Look } from "../text/look.ts";
import { Mask } from "../text/mask.ts";
import type { Styles } from "../text/styles.ts";
import { hanging, verbatim, wrap } from "../text/wrap.ts";

/** The difference of two configurations as it may be shown: secrets are masked, and still tell when they differ. */
export function maskedDifference(before: string, after: string): string[] {
  const mask = new Mask();
  const lines = difference(mask.marked(before), mask.marked(after)).map((line) => mask.plain(line));
  if (lines.length === 0) return [];
  return [before === "" ? "--- (no such file yet)" : `--- ${configName}`, `+++ ${configName}`, ...lines];
}

/** A dry run as JSON. */
export function encodeRehearsal(rehearsal: DryRun) {
  return {
    would: would[rehearsal.triggered ? rehearsal.firstStep : "nothing"].code,
    running: rehearsal.running,
    server: serverUrl(rehearsal.endpoint),
    ...(rehearsal.endpoint.proxy === undefined ? {} : { proxy: proxyUrl(rehearsal.endpoint.proxy) }),
    tls_from: rehearsal.tlsFrom,
    device_name: rehearsal.deviceName,
    device_name_from: rehearsal.nameFrom.replace(" ", "_"),
    request: rehearsal.request,
    difference: maskedDifference(rehearsal.before, rehearsal.after),
  };
}

/** What a run would do first. */
const would = {
  nothing: {
    code: "do_nothing",
    words: "A run would do nothing: there is no provision.txt. With one, this would happen:",
  },
  finish: {
    code: "finish",
    words: "The configuration is written already; a run would only clean up, without asking the server.",
  },
  "probe journal": {
    code: "probe_journal",
    words:
      "An earlier run is unfinished. A run would first ask whether the server knows its device already, " +
      "and send the request only if not.",
  },
  "probe configuration": {
    code: "probe_configuration",
    words:
      "The camera has credentials for this server and key. A run would first ask whether they still work; " +
      "if so, it would make no device. The request would follow only after they were refused twice.",
  },
  "show certificate": {
    code: "show_certificate",
    words:
      "A run would ask for nothing: it would connect with the camera's certificate, and the server would make the device.",
  },
  request: { code: "request", words: "A run would ask the server for a new device." },
} as const;

const nameWords = {
  journal: "kept from the unfinished run",
  "provision.json": "from provision.json",
  configuration: "as it is in thermal_config.json",
  example: "an example; every run makes its own",
} as const;

/** The request in a dry run is not always one that would be sent. */
const requestTitle = {
  finish: "Request (none is sent)",
  "probe journal": "Request (only if the server does not know the device)",
  "probe configuration": "Request (only if the credentials are refused twice; its name is an example)",
  "show certificate": "Request (none is sent)",
  request: "Request",
} as const;

const examples = "(Name, time and attempt id are examples; device_id is what the server tells, if it tells it.)";

/** A dry run for people. */
export function rehearsalForPeople(rehearsal: DryRun, { width, styles }: Look): string[] {
  const { strong, good, attention, faint } = styles;
  const { triggered, running, firstStep, warnings, endpoint, deviceName, nameFrom, request } = rehearsal;
  const lines = maskedDifference(rehearsal.before, rehearsal.after);
  return [
    `${good("PASS")}  ${strong("the files are in order; nothing was sent and nothing changed")}`,
    "",
    ...(running ? wrap("Another run is at work in this folder at this moment.", width) : []),
    ...(triggered ? [] : wrap(would.nothing.words, width)),
    ...wrap(would[firstStep].words, width),
    ...warnings.flatMap(({ code, message }) => [
      "",
      ...hanging("", `warning ${code}: ${message}`, width).map(attention),
      ...wrap(warningTable[code].remedy, width),
    ]),
    "",
    strong("Server"),
    `  ${serverUrl(endpoint)} ${faint(`(${tlsWords(rehearsal)})`)}`,
    ...(endpoint.proxy === undefined ? [] : [`  through the proxy ${proxyUrl(endpoint.proxy)}`]),
    strong("Device"),
    `  ${deviceName === "" ? "without a name" : verbatim(deviceName)} ${faint(`(${nameWords[nameFrom]})`)}`,
    strong(requestTitle[firstStep]),
    ...JSON.stringify(request, null, 2)
      .split("\n")
      .map((line) => `  ${line}`),
    strong("What a success would change"),
    ...(nameFrom === "example" ? hanging("  ", examples, width).map(faint) : []),
    ...(lines.length === 0 ? ["  nothing"] : lines.map((line) => `  ${differenceStyle(line, styles)(verbatim(line))}`)),
  ];
}

/** Nobody should have to guess why a connection is encrypted, or is not. */
function tlsWords({ endpoint, tlsFrom }: Pick<DryRun, "endpoint" | "tlsFrom">): string {
  const what = endpoint.tls === undefined ? "plain text" : "TLS";
  const why = { "provision.json": "as provision.json says", "thermal_config.json": "as thermal_config.json has it" };
  return `${what}, ${tlsFrom === "port" ? "by the port: nothing says otherwise" : why[tlsFrom]}`;
}

export function differenceStyle(line: string, { good, bad, strong, faint }: Styles): (line: string) => string {
  if (/^(---|\+\+\+)/.test(line)) return strong;
  if (line.startsWith("@@")) return faint;
  if (line.startsWith("+")) return good;
  return line.startsWith("-") ? bad : (same) => same;
}
