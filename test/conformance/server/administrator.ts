import { type IncomingMessage, request as requestPlain } from "node:http";
import { request as requestTls } from "node:https";
import * as v from "valibot";
import { systemClock } from "../../../src/base/clock.ts";
import { seconds } from "../../../src/base/duration.ts";
import { isSystemError } from "../../../src/base/system-error.ts";
import { Mistake } from "../../transcripts/mistake.ts";

/** Who may set the server up: a tenant's administrator, by password or by API key (from 4.3 on). */
export interface TenantLogin {
  /** Such as `https://thingsboard.example.com`. */
  readonly url: string;
  readonly by: { readonly user: string; readonly password: string } | { readonly apiKey: string };
  /** What the server's certificate is verified with, as PEM; default: what Node.js trusts. */
  readonly ca?: string | undefined;
}

type Method = "GET" | "POST" | "DELETE";

export interface RestAnswer {
  readonly status: number;
  /** JSON where it is JSON, else text. */
  readonly body: unknown;
}

/** A device as the REST API shows it. */
export interface ShownDevice {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly gateway: boolean;
  readonly profileId: string | undefined;
}

/** The longest that an answer is waited for. In milliseconds. */
const patience = 30_000;
const mostDevicesInOnePage = 100;
/** At a limit of requests. */
const pause = seconds(1);
const mostWaits = 60;

const reference = v.object({ id: v.string() });
const entity = v.object({ id: reference, name: v.string() });
const device = v.object({
  ...entity.entries,
  type: v.string(),
  additionalInfo: v.nullish(v.unknown()),
  deviceProfileId: v.nullish(reference),
});
const credentials = v.object({
  credentialsType: v.string(),
  credentialsId: v.string(),
  credentialsValue: v.nullish(v.string()),
});
const attributes = v.array(v.object({ key: v.string(), value: v.unknown() }));
const page = v.object({ data: v.array(v.unknown()), hasNext: v.boolean() });

/** A tenant's REST calls, as far as the kit needs them. */
export class Administrator {
  readonly url: string;
  readonly #login: TenantLogin;
  #authorization: string | undefined;

  private constructor(login: TenantLogin) {
    this.url = login.url;
    this.#login = login;
  }

  /** Throws Mistake when the server is not there, or does not know the login. */
  static async logIn(login: TenantLogin): Promise<Administrator> {
    const administrator = new Administrator(login);
    await administrator.#authorize();
    await administrator.#checkRights();
    return administrator;
  }

  async #authorize(): Promise<void> {
    const { url, by } = this.#login;
    if ("apiKey" in by) {
      this.#authorization = `ApiKey ${by.apiKey}`;
      return;
    }
    const { status, body } = await this.#ask("POST", "/auth/login", { username: by.user, password: by.password });
    const answer = v.safeParse(v.object({ token: v.string() }), body);
    if (status === 401) throw new Mistake(`TB_USER, TB_PASSWORD: ${url} does not know this login`);
    if (!answer.success) throw new Mistake(`TB_URL: ${url} is no ThingsBoard (${status} at login)`);
    this.#authorization = `Bearer ${answer.output.token}`;
  }

  async #checkRights(): Promise<void> {
    const { status, body } = await this.call("GET", "/deviceProfileInfo/default");
    if (status === 401) throw new Mistake(`TB_API_KEY: ${this.url} does not know this key`);
    if (status === 403) throw new Mistake("TB_USER, TB_API_KEY: a tenant's administrator is needed (403)");
    if (!v.is(entity, body)) throw new Mistake(`TB_URL: ${this.url} is no ThingsBoard (${status})`);
  }

  /** What the server says of itself; undefined where it does not know. */
  async version(): Promise<string | undefined> {
    const { body } = await this.call("GET", "/system/info");
    const answer = v.safeParse(v.object({ version: v.string() }), body);
    return answer.success ? /^[0-9]+(\.[0-9]+)+/.exec(answer.output.version)?.[0] : undefined;
  }

  /** Makes something and gives its id. */
  async create(path: string, body: object): Promise<string> {
    const answer = await this.call("POST", path, body);
    const parsed = v.safeParse(v.object({ id: reference }), answer.body);
    if (answer.status !== 200 || !parsed.success) throw refusal(`POST ${path}`, answer);
    return parsed.output.id.id;
  }

  /** The name of what has this id; undefined where there is nothing. */
  async nameOf(path: string, id: string): Promise<string | undefined> {
    const answer = await this.call("GET", `${path}/${id}`);
    if (answer.status === 404) return undefined;
    const parsed = v.safeParse(entity, answer.body);
    if (!parsed.success) throw refusal(`GET ${path}/${id}`, answer);
    return parsed.output.name;
  }

  /** The id of what has exactly this name in a list. */
  async idOf(listPath: string, name: string): Promise<string | undefined> {
    const path = `${listPath}?pageSize=100&page=0&textSearch=${encodeURIComponent(name)}`;
    const answer = await this.call("GET", path);
    const parsed = v.safeParse(v.object({ data: v.array(entity) }), answer.body);
    if (!parsed.success) throw refusal(`GET ${path}`, answer);
    return parsed.output.data.find((one) => one.name === name)?.id.id;
  }

  async device(name: string): Promise<ShownDevice | undefined> {
    const path = `/tenant/devices?deviceName=${encodeURIComponent(name)}`;
    const answer = await this.call("GET", path);
    if (answer.status === 404) return undefined;
    const parsed = v.safeParse(device, answer.body);
    if (!parsed.success) throw refusal(`GET ${path}`, answer);
    return shown(parsed.output);
  }

  /** Some devices of a profile, at most a page of them. */
  async devicesOf(profileName: string): Promise<readonly ShownDevice[]> {
    const path = `/tenant/devices?pageSize=${mostDevicesInOnePage}&page=0&type=${encodeURIComponent(profileName)}`;
    const answer = await this.call("GET", path);
    const parsed = v.safeParse(page, answer.body);
    if (!parsed.success) throw refusal(`GET ${path}`, answer);
    return parsed.output.data.map((one) => shown(v.parse(device, one)));
  }

  async credentialsOf(id: string) {
    return v.parse(credentials, (await this.call("GET", `/device/${id}/credentials`)).body);
  }

  async attributesOf(id: string, scope: "CLIENT" | "SERVER" | "SHARED"): Promise<Record<string, unknown>> {
    const path = `/plugins/telemetry/DEVICE/${id}/values/attributes/${scope}_SCOPE`;
    const values = v.parse(attributes, (await this.call("GET", path)).body);
    return Object.fromEntries(values.map(({ key, value }) => [key, value]));
  }

  /** Undefined: it is gone. Else what the server says. */
  async remove(path: string): Promise<string | undefined> {
    const answer = await this.call("DELETE", path);
    return answer.status === 200 || answer.status === 404 ? undefined : refusal(`DELETE ${path}`, answer).message;
  }

  /** Waits where the server has a limit of requests, and logs in again after hours. Throws Mistake when nobody answers. */
  async call(method: Method, path: string, body?: object | string): Promise<RestAnswer> {
    let isRenewed = "apiKey" in this.#login.by;
    for (let waits = 0; ; ) {
      const answer = await this.#ask(method, path, body);
      if (answer.status === 401 && !isRenewed) {
        isRenewed = true;
        await this.#authorize();
      } else if (answer.status === 429 && waits++ < mostWaits) await systemClock.sleep(pause);
      else return answer;
    }
  }

  async #ask(method: Method, path: string, body: object | string = ""): Promise<RestAnswer> {
    const headers = { ...(this.#authorization === undefined ? {} : { "x-authorization": this.#authorization }) };
    try {
      return await ask(this.#login, method, path, headers, typeof body === "string" ? body : JSON.stringify(body));
    } catch (error) {
      const reason = isSystemError(error) ? error.code : error instanceof Error ? error.message : error;
      throw new Mistake(`TB_URL: ${this.url} does not answer (${reason})`);
    }
  }
}

function shown({ id, name, type, additionalInfo, deviceProfileId }: v.InferOutput<typeof device>): ShownDevice {
  const information = v.safeParse(v.object({ gateway: v.literal(true) }), additionalInfo);
  return { id: id.id, name, type, gateway: information.success, profileId: deviceProfileId?.id };
}

function refusal(what: string, { status, body }: RestAnswer): Mistake {
  const parsed = v.safeParse(v.object({ message: v.string() }), body);
  return new Mistake(`${what}: ${status} ${parsed.success ? parsed.output.message : ""}`.trimEnd());
}

function ask(
  { url, ca }: TenantLogin,
  method: Method,
  path: string,
  headers: Readonly<Record<string, string>>,
  body: string,
): Promise<RestAnswer> {
  const whole = new URL(`${url.replace(/\/+$/, "")}/api${path}`);
  const options = {
    method,
    headers: { ...headers, "content-type": "application/json", "content-length": Buffer.byteLength(body) },
    signal: AbortSignal.timeout(patience),
    ...(ca === undefined ? {} : { ca }),
  };
  return new Promise((resolve, reject) => {
    const send = whole.protocol === "https:" ? requestTls : requestPlain;
    const request = send(whole, options, (answer) => read(answer).then(resolve, reject));
    request.once("error", reject);
    request.end(body);
  });
}

async function read(answer: IncomingMessage): Promise<RestAnswer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of answer) chunks.push(Buffer.from(chunk));
  const text = Buffer.concat(chunks).toString("utf8");
  const isJson = answer.headers["content-type"]?.startsWith("application/json") === true && text !== "";
  return { status: answer.statusCode ?? 0, body: isJson ? JSON.parse(text) : text };
}
