import * as v from "valibot";
import { checkLine } from "../src/cli/check/check-schema.ts";
import { provisioningStatusEntries } from "../src/model/provisioning-status.ts";

/** How the keys are taken that are not named: readers ignore them, the test of what is printed does not. */
type ObjectOf = (entries: v.ObjectEntries) => v.GenericSchema;

const text = v.string();
const textOrNull = v.nullable(v.string());
const moment = v.pipe(v.string(), v.isoTimestamp());
const momentOrNull = v.nullable(moment);
const texts = v.array(v.string());
const told = (description: string) => v.pipe(v.string(), v.description(description));
const words = told("Words for people; they may change in any version.");

function camera(object: ObjectOf): v.GenericSchema {
  const device = object({
    device_id: textOrNull,
    device_name: text,
    server_url: text,
    server_port: v.nullable(v.number()),
    use_ssl: v.nullable(v.boolean()),
    provisioned_at: momentOrNull,
    attempt_id: textOrNull,
  });
  return object({
    directory: text,
    state: v.picklist(["provisioned", "unproved", "not_provisioned", "unknown"]),
    device: v.nullable(device),
    missing: texts,
    misnamed_trigger: textOrNull,
  });
}

function error(object: ObjectOf): v.GenericSchema {
  return object({
    error_type: text,
    error_code: told("Stable: docs/errors.md lists them all."),
    error_message: words,
    retry_after_seconds: v.optional(v.nullable(v.number())),
    occurred_at: moment,
    device_name: v.optional(text),
    correlation_id: v.optional(text),
    is_retryable: v.optional(v.boolean()),
    problems: v.pipe(v.array(v.record(v.string(), v.unknown())), v.description("Words for people; they may change.")),
    causes: texts,
    on_the_device: texts,
    on_the_server: texts,
  });
}

/** A line of `provision --json`. */
export function provisionLine(object: ObjectOf): v.GenericSchema {
  const credentials = object({
    device_id: textOrNull,
    device_name: text,
    server_url: text,
    server_port: v.number(),
    use_ssl: v.boolean(),
    credentials_type: text,
    provisioned_at: moment,
  });
  const outcome = object({
    type: v.literal("outcome"),
    result: v.picklist(["provisioned", "already_provisioned", "nothing_to_do", "failed"]),
    exit_status: v.number(),
    status: object(provisioningStatusEntries),
    credentials: v.optional(credentials),
    configuration: v.optional(object({ path: text, is_new: v.boolean() })),
    camera: v.optional(camera(object)),
    error: v.optional(error(object)),
  });
  return v.union([
    object({ type: v.literal("status"), ...provisioningStatusEntries }),
    object({ type: v.literal("warning"), code: told("Stable: docs/errors.md lists them all."), message: words }),
    object({ type: v.literal("retry"), wait_seconds: v.number(), error_code: text, error_message: words }),
    outcome,
  ]);
}

const inspectionEntries = (object: ObjectOf) => ({
  activity: v.picklist(["none", "running", "waiting", "interrupted", "ended", "unknown"]),
  status: v.nullable(object(provisioningStatusEntries)),
  trigger: v.boolean(),
  camera: camera(object),
  warnings: v.array(object({ code: v.string(), message: v.string() })),
  journals: v.array(object({ host: text, device_names: texts, granted: v.boolean() })),
  put_aside: texts,
  backups: v.array(object({ path: text, made_at: textOrNull })),
  next_run: v.picklist(["nothing", "provision", "continue", "finish", "unclear"]),
  unreadable: textOrNull,
});

/** What `status --json` prints. */
export function inspectionLine(object: ObjectOf): v.GenericSchema {
  return object({ type: v.literal("inspection"), ...inspectionEntries(object) });
}

/** What `diagnostics` prints. */
export function diagnosticsDocument(object: ObjectOf): v.GenericSchema {
  const file = object({
    path: text,
    kind: v.picklist(["file", "folder", "link", "special"]),
    size: v.number(),
    mode: text,
    owner: v.number(),
    group: v.number(),
    sha256: v.optional(text),
  });
  return object({
    thermal_provision_diagnostics: v.literal(1),
    made_at: moment,
    versions: object({ thermal_provision: text, node: text, openssl: text, system: text }),
    status: object(inspectionEntries(object)),
    check: v.optional(object({ exit_status: v.number(), lines: v.array(checkLine) })),
    files: v.optional(v.array(file)),
    unit: v.optional(v.nullable(v.record(v.string(), v.string()))),
    log: v.optional(v.nullable(texts)),
  });
}
