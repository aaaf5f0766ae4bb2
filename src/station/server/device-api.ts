import * as v from "valibot";
import { milliseconds, seconds } from "../../base/duration.ts";
import type { Secret } from "../../base/secret.ts";
import type { Credentials } from "../../model/credentials.ts";
import { isDeviceId } from "../../model/device-id.ts";
import { ProvisioningError } from "../../model/errors.ts";
import { printable } from "../../model/problem.ts";
import type { HttpAnswer, HttpExchange } from "../../transport/http-exchange.ts";
import type { Pace } from "../pace/pace.ts";

/** A device to make, with the credentials that it is to have. */
export interface NewDevice {
  readonly name: string;
  readonly label: string | null;
  readonly credentials: Credentials;
}

/** What the server said to a new device. */
export type Creation =
  | { readonly answer: "created"; readonly deviceId: string }
  /** The server refuses, with its own error code and words: whether the device is ours is to be read back. */
  | { readonly answer: "refused"; readonly errorCode: number; readonly message: string };

/** How many devices the tenant has and may have; 0 for no limit. */
export interface Usage {
  readonly devices: number;
  readonly maxDevices: number;
}

const id = v.object({ id: v.object({ id: v.pipe(v.string(), v.check(isDeviceId)) }) });
const credentials = v.object({ credentialsType: v.string(), credentialsId: v.string() });
const usage = v.object({ devices: v.number(), maxDevices: v.number() });
const refusal = v.object({ errorCode: v.optional(v.number(), 0), message: v.optional(v.string(), "") });

/** ThingsBoard's code for "invalid arguments"; its code for the tenant's limit is 41. */
const refused = [400, 403] as const;
/** How often one question is asked again when the server asks for patience. */
const mostTimes = 6;

/** The REST calls of a tenant administrator that a station needs, with an API key. */
export class DeviceApi {
  readonly #exchange: HttpExchange;
  readonly #base: string;
  readonly #key: Secret;
  readonly #pace: Pace;

  /** `base` is the path before `/api`, mostly empty. */
  constructor(exchange: HttpExchange, { base, key, pace }: { base: string; key: Secret; pace: Pace }) {
    this.#exchange = exchange;
    this.#base = base;
    this.#key = key;
    this.#pace = pace;
  }

  /** The id of the device profile `name`; undefined where there is none. */
  async profileId(name: string, signal: AbortSignal): Promise<string | undefined> {
    const query = `pageSize=1000&page=0&textSearch=${encodeURIComponent(name)}`;
    const answer = await this.#ask("GET", `/deviceProfileInfos?${query}`, signal);
    const page = this.#parse(answer, v.object({ data: v.array(v.object({ ...id.entries, name: v.string() })) }));
    return page.data.find((profile) => profile.name === name)?.id.id;
  }

  async usage(signal: AbortSignal): Promise<Usage> {
    return this.#parse(await this.#ask("GET", "/usage", signal), usage);
  }

  async create(device: NewDevice, profileId: string | undefined, signal: AbortSignal): Promise<Creation> {
    const profile = profileId === undefined ? {} : { deviceProfileId: { entityType: "DEVICE_PROFILE", id: profileId } };
    const label = device.label === null ? {} : { label: device.label };
    const body = {
      device: { name: device.name, ...label, ...profile },
      credentials: { credentialsType: device.credentials.type, credentialsId: tokenIn(device.credentials) },
    };
    const answer = await this.#ask("POST", "/device-with-credentials", signal, body, refused);
    if (answer.status === 200) return { answer: "created", deviceId: this.#parse(answer, id).id.id };
    const { errorCode, message } = refusalIn(answer);
    return { answer: "refused", errorCode, message };
  }

  /** The id of the device `name`; undefined where there is none. */
  async deviceId(name: string, signal: AbortSignal): Promise<string | undefined> {
    const path = `/tenant/devices?deviceName=${encodeURIComponent(name)}`;
    const answer = await this.#ask("GET", path, signal, undefined, [404]);
    return answer.status === 404 ? undefined : this.#parse(answer, id).id.id;
  }

  /** Whether the device has exactly these credentials. */
  async hasCredentials(deviceId: string, wanted: Credentials, signal: AbortSignal): Promise<boolean> {
    const answer = await this.#ask("GET", `/device/${deviceId}/credentials`, signal);
    const { credentialsType, credentialsId } = this.#parse(answer, credentials);
    return credentialsType === wanted.type && credentialsId === tokenIn(wanted);
  }

  /** Tells the device its own id, as the shared attribute `deviceId`. */
  async tellId(deviceId: string, signal: AbortSignal): Promise<void> {
    await this.#ask("POST", `/plugins/telemetry/DEVICE/${deviceId}/attributes/SHARED_SCOPE`, signal, { deviceId });
  }

  async delete(deviceId: string, signal: AbortSignal): Promise<void> {
    await this.#ask("DELETE", `/device/${deviceId}`, signal, undefined, [404]);
  }

  /** Asks, with patience where the server asks for it, and gives an answer with status 200 or one that is `expected`. */
  async #ask(
    method: "GET" | "POST" | "DELETE",
    path: string,
    signal: AbortSignal,
    body?: object,
    expected: readonly number[] = [],
  ): Promise<HttpAnswer> {
    const headers = {
      "x-authorization": `ApiKey ${this.#key.reveal()}`,
      accept: "application/json",
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    };
    const text = body === undefined ? {} : { body: JSON.stringify(body) };
    for (let times = 1; ; times++) {
      await this.#pace.open(signal);
      const answer = await this.#exchange({ method, path: `${this.#base}/api${path}`, headers, ...text }, signal);
      if (answer.status !== 429) {
        if (answer.status === 200 || expected.includes(answer.status)) return answer;
        throw errorOf(answer, `${method} /api${path.replace(/\?.*/s, "")}`);
      }
      this.#pace.slowDown(patienceOf(answer));
      if (times === mostTimes) throw new ProvisioningError("RATE_LIMITED", "the server answers 429, again and again");
    }
  }

  #parse<Schema extends v.GenericSchema>(answer: HttpAnswer, schema: Schema): v.InferOutput<Schema> {
    const parsed = v.safeParse(schema, jsonIn(answer));
    if (parsed.success) return parsed.output;
    throw new ProvisioningError("API_UNUSABLE", "the server's answer is not what ThingsBoard answers");
  }
}

/** `Retry-After` in seconds, where somebody says it; a date is not worth the trouble: no proxy before 429 sends one. */
function patienceOf({ retryAfter }: HttpAnswer) {
  const count = Number(retryAfter);
  if (retryAfter === undefined || !Number.isFinite(count) || count <= 0) return undefined;
  return milliseconds(Math.min(count, 600) * seconds(1));
}

function errorOf(answer: HttpAnswer, what: string): ProvisioningError {
  const { status } = answer;
  const { errorCode, message } = refusalIn(answer);
  const said = `${what} was answered ${status}${message === "" ? "" : `: ${message}`}`;
  if (status === 401) return new ProvisioningError("API_KEY_REFUSED", said);
  if (status === 403 && errorCode !== 41) return new ProvisioningError("API_REFUSED", said);
  if (status >= 400 && status < 500) return new ProvisioningError("API_REFUSED", said);
  return new ProvisioningError("API_UNUSABLE", said);
}

function refusalIn(answer: HttpAnswer): { readonly errorCode: number; readonly message: string } {
  const parsed = v.safeParse(refusal, jsonIn(answer));
  if (!parsed.success) return { errorCode: 0, message: "" };
  return { errorCode: parsed.output.errorCode, message: printable(parsed.output.message) };
}

function jsonIn({ body }: HttpAnswer): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch {
    return undefined;
  }
}

/** A station makes devices with access tokens only. */
function tokenIn(credentials: Credentials): string {
  if (credentials.type === "ACCESS_TOKEN") return credentials.accessToken.reveal();
  throw new ProvisioningError("CREDENTIALS_TYPE_UNSUPPORTED", `a station cannot make devices with ${credentials.type}`);
}
