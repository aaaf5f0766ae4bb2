import { isDeepStrictEqual } from "node:util";
import type { Administrator, RestAnswer } from "./administrator.ts";

/** What a case of the REST API has to do with. */
export interface RestScene {
  readonly administrator: Administrator;
  /** Begins every name and token. */
  readonly prefix: string;
  /** The id of a profile of the kit's own. */
  readonly profileId: string;
}

type RestCase = (scene: RestScene) => Promise<string | undefined>;

const nobody = "00000000-0000-4000-8000-000000000000";

/**
 * The calls by which a factory makes devices, with what 4.3.1.3 answered
 * (docs/thingsboard-protocol.md#rest-for-a-factory-station). Each gives the first difference.
 */
export const restCases: Readonly<Record<string, RestCase>> = {
  "rest-create": async (scene) => {
    const name = `${scene.prefix}-made`;
    const answer = await create(scene, name, accessToken(`${name}-token`));
    return differs("POST device-with-credentials", shape(answer), {
      status: 200,
      body: {
        id: { entityType: "DEVICE" },
        name,
        deviceProfileId: { entityType: "DEVICE_PROFILE", id: scene.profileId },
      },
    });
  },
  "rest-create-mqtt-basic": async (scene) => {
    const name = `${scene.prefix}-basic`;
    const basic = { clientId: `${name}-client`, userName: `${name}-user`, password: "secret" };
    const wanted = { credentialsType: "MQTT_BASIC", credentialsValue: JSON.stringify(basic) };
    const id = idIn(await create(scene, name, wanted));
    const { credentialsType, credentialsValue } = await scene.administrator.credentialsOf(id);
    const found = { credentialsType, basic: JSON.parse(credentialsValue ?? "null") };
    return differs("its credentials", found, { credentialsType: "MQTT_BASIC", basic });
  },
  "rest-create-name-taken": async (scene) => {
    const name = `${scene.prefix}-taken`;
    await create(scene, name, accessToken(`${name}-token`));
    const expected = refusal(400, 31, "Device with such name already exists!");
    for (const [token, query] of [
      [`${name}-token`, ""],
      [`${name}-other`, ""],
      [`${name}-other`, "?nameConflictPolicy=FAIL"],
    ] as const) {
      const answer = await create(scene, name, accessToken(token), query);
      const difference = differs(`the same name with ${token}${query}`, error(answer), expected);
      if (difference !== undefined) return difference;
    }
    return undefined;
  },
  "rest-create-token-taken": async (scene) => {
    const [name, other] = [`${scene.prefix}-first`, `${scene.prefix}-second`];
    await create(scene, name, accessToken(`${name}-token`));
    const answer = await create(scene, other, accessToken(`${name}-token`));
    const expected = refusal(400, 31, "Device credentials are already assigned to another device!");
    const left = await scene.administrator.device(other);
    return differs("the same token", error(answer), expected) ?? differs("its device", left, undefined);
  },
  "rest-create-uniquify": async (scene) => {
    const name = `${scene.prefix}-often`;
    await create(scene, name, accessToken(`${name}-token`));
    const answer = await create(scene, name, accessToken(`${name}-other`), "?nameConflictPolicy=UNIQUIFY");
    const made = String(Reflect.get(Object(answer.body), "name"));
    const found = { status: answer.status, name: made.replace(/_[A-Za-z0-9]{6}$/, "_******") };
    return differs("UNIQUIFY", found, { status: 200, name: `${name}_******` });
  },
  "rest-create-without-token": async (scene) => {
    const answer = await create(scene, `${scene.prefix}-bare`, accessToken(""));
    return differs("an empty token", error(answer), refusal(400, 31, "Device credentials id should be specified!"));
  },
  "rest-create-at-once": async (scene) => {
    const name = `${scene.prefix}-at-once`;
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, index) => create(scene, name, accessToken(`${name}-${index}`))),
    );
    const statuses = answers.map(({ status }) => status).toSorted((one, other) => one - other);
    return differs("eight of one name", statuses, [200, ...Array.from({ length: 7 }, () => 400)]);
  },
  "rest-find": async (scene) => {
    const name = `${scene.prefix}-found`;
    const id = idIn(await create(scene, name, accessToken(`${name}-token`)));
    const { credentialsType, credentialsId } = await scene.administrator.credentialsOf(id);
    const found = { id: (await scene.administrator.device(name))?.id, credentialsType, credentialsId };
    const absent = await scene.administrator.call("GET", `/tenant/devices?deviceName=${name}-not`);
    return (
      differs("the device", found, { id, credentialsType: "ACCESS_TOKEN", credentialsId: `${name}-token` }) ??
      differs("no device", { status: absent.status, errorCode: errorCode(absent) }, { status: 404, errorCode: 32 })
    );
  },
  "rest-attributes": async (scene) => {
    const id = idIn(await create(scene, `${scene.prefix}-told`, accessToken(`${scene.prefix}-told-token`)));
    const write = (device: string) =>
      scene.administrator.call("POST", `/plugins/telemetry/DEVICE/${device}/attributes/SHARED_SCOPE`, { deviceId: id });
    const written = await write(id);
    const stored = await scene.administrator.attributesOf(id, "SHARED");
    const absent = await write(nobody);
    return (
      differs("writing", written, { status: 200, body: "" }) ??
      differs("what is stored", stored, { deviceId: id }) ??
      differs(
        "no device",
        { status: absent.status, isText: typeof absent.body === "string" },
        { status: 404, isText: true },
      )
    );
  },
  "rest-delete": async (scene) => {
    const name = `${scene.prefix}-gone`;
    const id = idIn(await create(scene, name, accessToken(`${name}-token`)));
    const answer = await scene.administrator.call("DELETE", `/device/${id}`);
    const left = await scene.administrator.device(name);
    return differs("DELETE device", answer, { status: 200, body: "" }) ?? differs("its device", left, undefined);
  },
  "rest-usage": async ({ administrator }) => {
    const { status, body } = await administrator.call("GET", "/usage");
    const types = ["devices", "maxDevices"].map((key) => typeof Reflect.get(Object(body), key));
    return differs("GET usage", { status, types }, { status: 200, types: ["number", "number"] });
  },
  "rest-mistakes": async ({ administrator }) => {
    const statuses = [
      (await administrator.call("GET", "/deviceProfileInfos")).status,
      (await administrator.call("POST", "/device-with-credentials", "{")).status,
    ];
    return differs("no pageSize, and broken JSON", statuses, [500, 500]);
  },
};

function accessToken(credentialsId: string) {
  return { credentialsType: "ACCESS_TOKEN", credentialsId };
}

function create(
  { administrator, profileId }: RestScene,
  name: string,
  credentials: Readonly<Record<string, string>>,
  query = "",
): Promise<RestAnswer> {
  const device = { name, deviceProfileId: { entityType: "DEVICE_PROFILE", id: profileId } };
  return administrator.call("POST", `/device-with-credentials${query}`, { device, credentials });
}

function idIn({ status, body }: RestAnswer): string {
  const id: unknown = Reflect.get(Object(Reflect.get(Object(body), "id")), "id");
  if (typeof id !== "string") throw new Error(`a device was not created (${status})`);
  return id;
}

/** Of a device, what does not differ from one to the next. */
function shape({ status, body }: RestAnswer) {
  const read = (key: string): unknown => Reflect.get(Object(body), key);
  const entityType: unknown = Reflect.get(Object(read("id")), "entityType");
  return { status, body: { id: { entityType }, name: read("name"), deviceProfileId: read("deviceProfileId") } };
}

/** With the order of its keys, in which servers differ. */
function error({ status, body }: RestAnswer) {
  return {
    status,
    entries: Object.entries(Object(body)).map(([key, value]) => (key === "timestamp" ? [key] : [key, value])),
  };
}

function refusal(status: number, code: number, message: string) {
  return { status, entries: [["message", message], ["errorCode", code], ["status", status], ["timestamp"]] };
}

function errorCode({ body }: RestAnswer): unknown {
  return Reflect.get(Object(body), "errorCode");
}

function differs(what: string, found: unknown, expected: unknown): string | undefined {
  if (isDeepStrictEqual(found, expected)) return undefined;
  return `${what}: recorded ${JSON.stringify(expected)}, here ${JSON.stringify(found)}`;
}
