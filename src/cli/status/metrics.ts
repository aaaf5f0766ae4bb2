import { resolve } from "node:path";
import { endOfCertificate } from "../../files/client-certificate.ts";
import { replaceFile } from "../../files/disk/durable-files.ts";
import { during } from "../../files/disk/file-error.ts";
import { nodeFileSystem } from "../../files/disk/file-system.ts";
import type { Inspection } from "../../inspect.ts";
import { readConfigured } from "../../run/camera-state.ts";

/** Everybody may read it, as node exporter does. */
const rights = { mode: 0o644 };

const states = ["provisioned", "unproved", "not provisioned", "unknown"] as const;

/** Writes `metricsOf` into `file`, whole or not at all: node exporter may read it at any moment. */
export function writeMetrics(file: string, inspection: Inspection): void {
  const path = resolve(file);
  const bytes = new TextEncoder().encode(metricsOf(inspection, certificateEnd(inspection.camera.directory)));
  during(`writing ${path}`, () => replaceFile(nodeFileSystem, path, bytes, { rights }));
}

/** When the certificate ends with which the camera logs in; undefined without one, or where this user may not see it. */
function certificateEnd(directory: string): Date | undefined {
  const configured = readConfigured(nodeFileSystem, directory);
  if (configured === undefined || configured === "unknown") return undefined;
  const { credentials } = configured;
  if (credentials.type !== "X509_CERTIFICATE") return undefined;
  return endOfCertificate(nodeFileSystem, directory, credentials.certificateFile);
}

/** The state of a camera in Prometheus' text format, for node exporter's textfile collector. */
function metricsOf({ camera, status, putAside, journals }: Inspection, certificateEnds: Date | undefined): string {
  const [, code] = /^([A-Z_0-9]+):/.exec(status?.lastError ?? "") ?? [];
  const current = status?.currentState ?? "IDLE";
  return [
    ...gauge(
      "camera_state",
      "1 for what the camera is, as its files say; 0 for what it is not.",
      states.map((state) => [`state="${state.replace(" ", "_")}"`, camera.state === state ? 1 : 0]),
    ),
    ...gauge("run_state", "1, with the state of the last run as a label.", [[`state="${current}"`, 1]]),
    ...(status === undefined
      ? []
      : gauge("run_started_timestamp_seconds", "When the present or last run began.", [
          ["", status.roundStartedAt.getTime() / 1000],
        ])),
    ...(camera.device?.provisionedAt == null
      ? []
      : gauge("provisioned_timestamp_seconds", "When the credentials were written.", [
          ["", camera.device.provisionedAt.getTime() / 1000],
        ])),
    ...(certificateEnds === undefined
      ? []
      : gauge("certificate_end_timestamp_seconds", "When the certificate ends with which the camera logs in.", [
          ["", certificateEnds.getTime() / 1000],
        ])),
    ...gauge("retries", "How often a retry was announced in this provisioning.", [["", status?.errorCount ?? 0]]),
    ...(code === undefined ? [] : gauge("last_error", "1, with the code of the last error.", [[`code="${code}"`, 1]])),
    ...gauge("unfinished_journals", "Servers that may have a device which is not saved yet.", [["", journals.length]]),
    ...gauge("put_aside", "What reset put aside and nobody removed.", [["", putAside.length]]),
    "",
  ].join("\n");
}

function gauge(name: string, help: string, values: readonly (readonly [labels: string, value: number])[]): string[] {
  const whole = `thermal_provision_${name}`;
  const lines = values.map(([labels, value]) => `${whole}${labels === "" ? "" : `{${labels}}`} ${value}`);
  return [`# HELP ${whole} ${help}`, `# TYPE ${whole} gauge`, ...lines];
}
