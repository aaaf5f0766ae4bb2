import { complaint, type Line, uuid } from "../line.ts";
import type { Plays } from "../plays.ts";
import { provisionKey, provisionSecret } from "../stage.ts";

const request = ({ first }: Plays) => first.requests[0] ?? {};
const device = ({ first }: Plays) => ({ ...Object(first.config["device"]) });
const server = ({ first }: Plays) => ({ ...Object(first.config["server"]) });
const provisioning = ({ first }: Plays) => ({ ...Object(first.config["provisioning"]) });
const bothWrong = (field: string) => (plays: Plays) =>
  [plays.wrong, plays.alsoWrong].map((each) => complaint(each, field));

/** The lines of DeviceCredentials and ProvisioningCredentials. */
export const credentialsLines: readonly Line[] = [
  {
    line: 58,
    says: "device_id: string",
    seen: "the server's id of the device",
    finds: (p) => device(p)["device_id"],
    is: uuid,
  },
  {
    line: 59,
    says: "device_name: string",
    seen: "the name that the server made",
    finds: (p) => p.devices.includes(device(p)["device_name"]),
    is: true,
  },
  {
    line: 60,
    says: "access_token: string",
    seen: "the token that was asked for",
    finds: (p) => device(p)["access_token"] === request(p)["token"],
    is: true,
  },
  {
    line: 61,
    says: "server_url: string",
    seen: "the host of provision.json",
    differs: "`server_url` is a URL",
    finds: (p) => server(p)["url"],
    is: "127.0.0.1",
  },
  {
    line: 62,
    says: "server_port: int",
    seen: "the port of provision.json",
    finds: (p) => server(p)["port"] === p.port,
    is: true,
  },
  {
    line: 63,
    says: "credentials_type: string",
    seen: "thermal_config.json has it",
    finds: (p) => device(p)["credentials_type"],
    is: "ACCESS_TOKEN",
  },
  {
    line: 64,
    says: "provisioned_at: timestamp",
    seen: "it lies within the run",
    finds: (p) =>
      Math.abs(Date.parse(`${provisioning(p)["provisioned_at"]}`) - p.first.began) <=
      p.first.ended - p.first.began + 1000,
    is: true,
  },
  {
    line: 67,
    says: "device_id must be valid UUID",
    seen: "the library refuses another; null is one that is not known",
    differs: "`device_id`",
    finds: (p) => p.entities["device"]?.["device_id"],
    is: "device_id",
  },
  {
    line: 68,
    says: "device_name must match thermal-camera pattern",
    seen: "the library refuses an empty one; other names are those that provision.json gives",
    differs: "`device_name`",
    finds: (p) => p.entities["device"]?.["device_name"],
    is: "device_name",
  },
  {
    line: 69,
    says: "access_token must be non-empty string",
    seen: "the library refuses an empty one",
    finds: (p) => p.entities["device"]?.["access_token"],
    is: "access_token",
  },
  {
    line: 70,
    says: "server_url must be valid URL format",
    seen: "the library refuses a text with a blank",
    differs: "`server_url` is a URL",
    finds: (p) => p.entities["device"]?.["server_url"],
    is: "server_url",
  },
  {
    line: 71,
    says: "server_port must be valid port number",
    seen: "the library refuses 65536",
    finds: (p) => p.entities["device"]?.["server_port"],
    is: "server_port",
  },
  {
    line: 72,
    says: "provisioned_at must be valid timestamp",
    seen: "the library refuses another",
    finds: (p) => p.entities["device"]?.["provisioned_at"],
    is: "provisioned_at",
  },
  {
    line: 75,
    says: "Created from successful ProvisioningResponse",
    seen: "no file is made where the answer was none",
    finds: (p) => [p.first.configText !== "", p.undecided.configText, p.quotaExceeded.configText],
    is: [true, "", ""],
  },
  {
    line: 76,
    says: "Replaces existing configuration",
    seen: "the former device is gone, the rest is there",
    finds: ({ first }) => [
      first.configText.includes("thermal-camera-ABC123"),
      first.configText.includes("// existing measurement spot configuration"),
    ],
    is: [false, true],
  },
  {
    line: 82,
    says: "server_url: string",
    seen: "that server was asked",
    finds: ({ first }) => first.exitStatus,
    is: 0,
  },
  { line: 83, says: "server_port: int", seen: "that port was asked", finds: (p) => p.first.requests.length, is: 1 },
  {
    line: 84,
    says: "provision_device_key: string",
    seen: "it is in the request",
    finds: (p) => request(p)["provisionDeviceKey"],
    is: provisionKey,
  },
  {
    line: 85,
    says: "provision_device_secret: string",
    seen: "it is in the request; another is refused by the server",
    finds: (p) => [request(p)["provisionDeviceSecret"], p.notFound.error["error_type"]],
    is: [provisionSecret, "AUTH"],
  },
  {
    line: 86,
    says: "device_name_prefix: string",
    seen: "it is the beginning of the name; absent: thermal-camera",
    finds: (p) =>
      [p.prefixed.requests[0] ?? {}, p.notFound.requests[0] ?? {}].map((each) => `${each["deviceName"]}`.slice(0, -7)),
    is: ["factory-hall", "thermal-camera"],
  },
  {
    line: 87,
    says: "timeout_seconds: int",
    seen: "one second: one try ends, and is made once more within five of them",
    differs: "`timeout_seconds`",
    finds: ({ silent }) => [silent.states.at(-1), silent.retries.length > 0],
    is: ["FAILED_TIMEOUT", true],
  },
  {
    line: 90,
    says: "server_url must be valid URL format",
    seen: "a text with a blank and http:// are refused",
    differs: "`server_url` is a URL",
    finds: bothWrong("server_url"),
    is: [true, true],
  },
  {
    line: 91,
    says: "server_port must be valid port number",
    seen: "65536 and a text are refused",
    finds: bothWrong("server_port"),
    is: [true, true],
  },
  {
    line: 92,
    says: "provision_device_key must be non-empty string",
    seen: "an empty one and a number are refused; so are the placeholder of a sample and blanks at the ends",
    differs: "`provision_device_key` and `provision_device_secret`",
    finds: bothWrong("provision_device_key"),
    is: [true, true],
  },
  {
    line: 93,
    says: "provision_device_secret must be non-empty string",
    seen: "an empty one and null are refused; so are the placeholder of a sample and blanks at the ends",
    differs: "`provision_device_key` and `provision_device_secret`",
    finds: bothWrong("provision_device_secret"),
    is: [true, true],
  },
  {
    line: 94,
    says: "device_name_prefix must match pattern",
    seen: "a capital and a digit are refused",
    finds: bothWrong("device_name_prefix"),
    is: [true, true],
  },
  {
    line: 95,
    says: "timeout_seconds must be positive integer",
    seen: "0 and 1.5 are refused",
    finds: bothWrong("timeout_seconds"),
    is: [true, true],
  },
  {
    line: 97,
    says: "JSON Schema",
    seen: "its six keys are taken, with the test's server, key and secret in them; its placeholders are refused as such",
    differs: "`provision_device_key` and `provision_device_secret`",
    finds: (p) => [
      p.first.exitStatus,
      `${p.placeholders.error["error_message"]}`.includes("found the placeholder of a sample"),
    ],
    is: [0, true],
  },
];
