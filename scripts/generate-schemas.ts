import { toJsonSchema } from "@valibot/to-json-schema";
import * as v from "valibot";
import { checkLine } from "../src/cli/check/check-schema.ts";
import { thermalConfigEntries } from "../src/files/thermal-config-fields.ts";
import { provisioningCredentialsEntries } from "../src/model/provisioning-credentials.ts";
import { provisioningStatusEntries } from "../src/model/provisioning-status.ts";
import { scenarioEntries } from "../src/simulator/faults/scenario-schema.ts";
import { configEntries } from "../src/simulator/options/config-schema.ts";
import { diagnosticsDocument, inspectionLine, provisionLine } from "./output-schemas.ts";

/** The JSON Schemas of our files and outputs, by path. Editors use them, and other programs that write or read the files. */
export function schemas(): readonly (readonly [path: string, text: string])[] {
  return [
    schema(
      "provision",
      "provision.json: what a camera is told before it provisions itself",
      v.strictObject(provisioningCredentialsEntries),
      {
        // The secret may stand in a file of its own; with a factory's certificate there is neither key nor secret.
        required: ["server_url", "server_port"],
        anyOf: [{ required: ["provision_device_key"] }, { required: ["client_certificate_file"] }],
        dependencies: {
          access_token: ["device_name"],
          user_name: ["device_name"],
          client_id: ["device_name"],
          password: ["user_name"],
          client_certificate_file: ["client_key_file"],
          client_key_file: ["client_certificate_file"],
        },
      },
    ),
    schema(
      "thermal_config",
      "thermal_config.json: the sections that thermal-provision writes; everything else is the camera's own",
      v.looseObject(thermalConfigEntries),
    ),
    schema(
      "provisioning_status",
      "provisioning_status.json: how far a camera's provisioning is",
      v.looseObject(provisioningStatusEntries),
    ),
    schema("check", "A line of thermal-provision check --json; the last one is the outcome", checkLine),
    schema("provision_output", "A line of `thermal-provision provision --json`", provisionLine(v.looseObject)),
    schema("status_output", "What `thermal-provision status --json` prints", inspectionLine(v.looseObject)),
    schema("diagnostics", "What `thermal-provision diagnostics` prints", diagnosticsDocument(v.looseObject)),
    schema("simulator", "A configuration of the simulator: profiles, devices, limits", v.strictObject(configEntries)),
    schema("scenario", "A scenario of the simulator: what goes wrong, and when", v.strictObject(scenarioEntries)),
  ];
}

/** Draft 7, which every editor knows. Checks that only a program can make, as of a URL, are left to the program. */
function schema(name: string, title: string, rules: v.GenericSchema, further: object = {}): readonly [string, string] {
  const { $schema, ...converted } = toJsonSchema(rules, { typeMode: "input", errorMode: "ignore" });
  return [`schema/${name}.schema.json`, `${JSON.stringify({ $schema, title, ...converted, ...further }, null, 2)}\n`];
}
