import { basename, resolve } from "node:path";
import type { Secret } from "../../base/secret.ts";
import { readBounded } from "../../files/disk/bounded-read.ts";
import { during } from "../../files/disk/file-error.ts";
import { changedConfig } from "../../files/thermal-config-file.ts";
import { generateCredentials } from "../../model/credentials.ts";
import { ProvisioningError } from "../../model/errors.ts";
import { type Warning, warning } from "../../model/warnings.ts";
import { httpExchange } from "../../transport/http-exchange.ts";
import type { Connect } from "../../transport/link.ts";
import { CameraFolders } from "../folder/camera-folder.ts";
import { endpointFor, readProvisionFile, type StationServer } from "../folder/provision-file.ts";
import { readSecretFile } from "../folder/secret-file.ts";
import { Pace } from "../pace/pace.ts";
import { DeviceApi, type Usage } from "../server/device-api.ts";
import type { Registry } from "../server/register.ts";
import type { Effects } from "../station-options.ts";
import type { CameraEnd, StationSetup } from "./station-options.ts";

/** With what a station provisions, and where the cameras' files go. */
export interface RunOptions {
  /** Server, TLS, key and secret. Default `provision.json`. */
  readonly provisionFile?: string;
  /** `registration`: over REST with an API key, the default where one of its options is given; `provisioning`: as a camera does it. */
  readonly method?: "registration" | "provisioning";
  /** `https://HOST`, for registration. */
  readonly restUrl?: string;
  /** The API key of a tenant administrator, in a file for its owner only. */
  readonly apiKeyFile?: string;
  /** Somebody else sees to it that nobody reads the API key's file: systemd. Default false. */
  readonly apiKeyIsKept?: boolean;
  /** For registration. Default: the tenant's default profile. */
  readonly deviceProfile?: string;
  /** How many cameras at once at most. Default 20. */
  readonly concurrency?: number;
  /** The folder of the cameras' folders. Default `cameras`. */
  readonly output?: string;
  /** What every `thermal_config.json` begins as. */
  readonly template?: string;
  /** Let the camera prove its device itself at its first start. Default false. */
  readonly withProvisionJson?: boolean;
  /** The bench, for people. Default: the name of the machine. */
  readonly station?: string;
  readonly connect?: Connect;
  readonly onCamera?: (camera: CameraEnd) => void;
  readonly onWarning?: (warning: Warning) => void;
  /** Told before the first device is made over REST: how many there are, may be, and are to come. */
  readonly onUsage?: (usage: Usage, toCome: number) => void;
}

const defaultConcurrency = 20;
const largestTemplate = 4 * 1024 * 1024;

interface Prepared extends Disposable {
  readonly setup: Omit<StationSetup, "ledger" | "sealing" | "station">;
  /** Says how the cameras that are to come fit into the tenant's limit. */
  announce(toCome: number): Promise<void>;
}

/** Reads and checks all that can be checked before the first camera. Throws ProvisioningError. */
export async function prepareRun(options: RunOptions, effects: Effects): Promise<Prepared> {
  const { server, template } = prepareServer(options, effects);
  const { files, clock, randomness, signal } = effects;
  const { concurrency = defaultConcurrency, onWarning = () => {} } = options;
  const isOverRest = [options.apiKeyFile, options.restUrl, options.deviceProfile].some((given) => given !== undefined);
  const method = options.method ?? (isOverRest ? "registration" : "provisioning");
  if (method === "provisioning" && !server.hasKey) {
    throw usage("provisioning needs provision_device_key and provision_device_secret in the provision file");
  }
  const { credentialsType = "ACCESS_TOKEN" } = server.credentials;
  if (method === "registration" && credentialsType !== "ACCESS_TOKEN") {
    throw new ProvisioningError(
      "CREDENTIALS_FILE_INVALID",
      `registration makes access tokens only, and the provision file wants ${credentialsType}; use --method provisioning`,
    );
  }
  if (credentialsType === "X509_CERTIFICATE") {
    const wanted = "a station makes no certificates, and the provision file wants X509_CERTIFICATE";
    throw new ProvisioningError("CREDENTIALS_FILE_INVALID", wanted);
  }
  const folders = new CameraFolders(files, resolve(options.output ?? "cameras"), template);
  folders.check();
  if (server.endpoint.tls === undefined) onWarning(warning("PLAIN_TEXT"));
  const pace = new Pace(clock, () => randomness.fraction(), concurrency);
  const rest = method === "registration" ? restOf(options, server, effects, pace) : undefined;
  const registry = rest === undefined ? undefined : await withProfile(rest.api, options.deviceProfile, signal);
  return {
    setup: {
      ...effects,
      server,
      registry,
      folders,
      concurrency,
      pace,
      withProvisionJson: options.withProvisionJson ?? false,
      ...(options.connect === undefined ? {} : { connect: options.connect }),
      onCamera: options.onCamera ?? (() => {}),
    },
    async announce(toCome) {
      if (registry !== undefined) options.onUsage?.(await registry.api.usage(signal), toCome);
    },
    [Symbol.dispose]: () => rest?.exchange[Symbol.dispose](),
  };
}

/** What of it concerns the files alone. Throws ProvisioningError. */
export function prepareServer(options: RunOptions, { files, randomness, clock }: Effects) {
  const server = readProvisionFile(files, resolve(options.provisionFile ?? "provision.json"));
  const template = options.template === undefined ? undefined : resolve(options.template);
  if (template === undefined) return { server, template };
  const reading = during(`reading ${template}`, () => readBounded(files, template, largestTemplate));
  if (reading.kind !== "read") {
    const found = reading.kind === "absent" ? "no such file" : reading.found;
    throw new ProvisioningError("CONFIG_FILE_UNREADABLE", `the template ${template}: found ${found}`);
  }
  // A trial: what is not a configuration shows before the first camera.
  inTemplate(template, () =>
    changedConfig(reading, {
      deviceId: null,
      credentials: generateCredentials("ACCESS_TOKEN", randomness),
      host: server.endpoint.host,
      serverPort: server.endpoint.port,
      useSsl: false,
      provisionedAt: clock.now(),
      attemptId: "",
    }),
  );
  return { server, template: reading.bytes };
}

/** The mistakes of the template, under its own name. */
function inTemplate(path: string, change: () => void): void {
  try {
    change();
  } catch (error) {
    if (!ProvisioningError.is(error) || error.errorCode !== "CONFIG_FILE_INVALID") throw error;
    const problems = (error.problems ?? []).map((problem) => ({ ...problem, file: basename(path) }));
    throw new ProvisioningError("CONFIG_FILE_INVALID", `the template ${path} cannot be used:`, {
      problems,
      cause: error,
    });
  }
}

function restOf(options: RunOptions, { credentials }: StationServer, { files }: Effects, pace: Pace) {
  const { restUrl, apiKeyFile, apiKeyIsKept = false, concurrency = defaultConcurrency } = options;
  if (restUrl === undefined || apiKeyFile === undefined) {
    throw usage(`registration needs ${restUrl === undefined ? "--rest-url" : "--api-key-file"}`);
  }
  const key: Secret = readSecretFile(files, apiKeyFile, { code: "API_KEY_UNUSABLE", isKept: apiKeyIsKept });
  const url = URL.canParse(restUrl) ? new URL(restUrl) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.username !== "" || url.search !== "") {
    throw usage("--rest-url is a URL like https://thingsboard.example, without user name and query");
  }
  const isTls = url.protocol === "https:";
  if (!isTls) options.onWarning?.(warning("PLAIN_TEXT", "It is the API key that travels so."));
  const { serverName: _name, pinnedPublicKeys: _keys, requireTls: _tls, ...trust } = credentials;
  const host = url.hostname.replace(/^\[(.*)\]$/, "$1");
  const web = { ...trust, host, serverPort: Number(url.port) || (isTls ? 443 : 80), useSsl: isTls };
  const endpoint = endpointFor(files, resolve(options.provisionFile ?? "provision.json"), web);
  const exchange = httpExchange(endpoint, { connections: concurrency });
  return { exchange, api: new DeviceApi(exchange, { base: url.pathname.replace(/\/$/, ""), key, pace }) };
}

async function withProfile(api: DeviceApi, name: string | undefined, signal: AbortSignal): Promise<Registry> {
  if (name === undefined) return { api, profileId: undefined };
  const profileId = await api.profileId(name, signal);
  if (profileId !== undefined) return { api, profileId };
  throw new ProvisioningError("API_REFUSED", `the server has no device profile ${name}`);
}

function usage(message: string): ProvisioningError {
  return new ProvisioningError("USAGE", message);
}
