import { type Duration, seconds } from "../../base/duration.ts";
import type { Outcome } from "../../model/outcome.ts";
import type { Io } from "../io.ts";
import { serverUrl } from "../report/server-url.ts";
import { type Printer, stateWords } from "./printer.ts";

/** The priorities of syslog(3) and of systemd's journal that a run needs. */
const priority = { error: 3, warning: 4, notice: 5, info: 6 } as const;

/** What is said already is said again after this time: a server may be away for days, and flash wears out. */
const pause = seconds(3600);

/** Exit statuses after which systemd does not start the run again by itself. */
const needsAPerson: readonly number[] = [64, 70, 73, 77, 78];

/**
 * For systemd's journal: one line an event, readable by a technician, with its priority in front (sd-daemon(3)), so that
 * `journalctl -p warning` shows what went wrong.
 */
export function journalLines({ out, clock }: Pick<Io, "out" | "clock">): Printer {
  const said = new Map<string, Duration>();
  const line = (urgency: keyof typeof priority, text: string) =>
    out(`<${priority[urgency]}>${text.replace(/:\s*\n\s*/g, ": ").replace(/\s*\n\s*/g, "; ")}\n`);
  const now = (key: string, urgency: keyof typeof priority, text: string) => {
    const before = said.get(key);
    if (before !== undefined && clock.elapsed() - before < pause) return;
    said.set(key, clock.elapsed());
    line(urgency, text);
  };
  return {
    status: ({ currentState }) => {
      if (currentState.startsWith("FAILED_") || currentState === "COMPLETED") return;
      now(currentState, "info", stateWords[currentState]);
    },
    warning: ({ code, message }) => now(code + message, "warning", `${code}: ${message}`),
    retry: ({ wait, because, message }) =>
      now(because + message, "warning", `${because}: ${message} (next try in ${Math.ceil(wait / 1000)} s, and so on)`),
    outcome: (outcome) => {
      const urgency = outcome.result === "failed" ? "error" : outcome.result === "nothing_to_do" ? "info" : "notice";
      line(urgency, `${ending(outcome)} [${outcome.status.correlationId}]`);
      if (needsAPerson.includes(outcome.exitStatus)) line("error", startAgain);
    },
  };
}

const startAgain =
  "When that is mended: thermal-provision.path starts it again as soon as provision.json or provision.txt changes; " +
  "or run systemctl start thermal-provision.";

function ending(outcome: Outcome): string {
  switch (outcome.result) {
    case "provisioned":
      return `PASS: provisioned ${who(outcome.credentials)}`;
    case "already_provisioned":
      return `PASS: was provisioned before ${who(outcome.credentials)}`;
    case "nothing_to_do":
      return `nothing to do: the camera in ${outcome.camera.directory} is ${outcome.camera.state}`;
    case "failed":
      return failure(outcome);
  }
}

function who(credentials: Extract<Outcome, { result: "provisioned" }>["credentials"]): string {
  const { deviceName, deviceId, host, serverPort, useSsl } = credentials;
  const id = deviceId === null ? "" : `, device ${deviceId}`;
  return `as ${deviceName} on ${serverUrl({ host, port: serverPort, tls: useSsl })}${id}`;
}

function failure({ error }: Extract<Outcome, { result: "failed" }>): string {
  const { errorCode, message, causes, remedies } = error;
  const advice = [
    ...causes.slice(0, 1).map((cause) => `Probably: ${cause}`),
    ...remedies.onTheDevice.map((remedy) => `On the device: ${remedy}`),
    ...remedies.onTheServer.map((remedy) => `On the server: ${remedy}`),
  ];
  return `FAIL ${errorCode}: ${[message, ...advice].join(". ")}`;
}
