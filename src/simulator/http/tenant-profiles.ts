import type { Server } from "../server/server.ts";
import { NotUnique } from "../tenant/database.ts";
import { type DeviceProfile, type ProvisionType, provisionTypes, tenantOf } from "../tenant/device-profile.ts";
import { type HttpAnswer, type HttpRequest, json } from "./answer.ts";
import { apiError } from "./api-error.ts";
import { objectIn, objectOf } from "./json-object.ts";
import { idOf, profileId, profilesOf } from "./profile-id.ts";
import type { RuleChains } from "./rule-chains.ts";

/** What an administrator asks about device profiles (docs/thingsboard-protocol.md#rest-for-a-tests-set-up). */
export function tenantProfiles(request: HttpRequest, server: Server, chains: RuleChains): HttpAnswer | undefined {
  const { method, path, query } = request;
  const [, resource = "", id = ""] = /^\/api\/([A-Za-z]+)(?:\/([^/]+))?$/.exec(path) ?? [];
  const profiles = profilesOf(server);
  const profile = profiles.find((each) => idOf(each) === id);
  switch (`${method} ${resource}`) {
    case "GET deviceProfileInfo":
      return json(profileInfo(id === "default" ? profiles[0] : profile));
    case "GET deviceProfileInfos":
      return profileInfos(query, server);
    case "POST deviceProfile":
      return create(objectIn(request.body), server, chains);
    case "GET deviceProfile":
      return profile === undefined ? absent(server) : json(profileBody(profile, profile === profiles[0]));
    case "DELETE deviceProfile":
      return profile === undefined ? absent(server) : remove(profile, server, chains);
    default:
      return undefined;
  }
}

function absent(server: Server): HttpAnswer {
  return apiError(server, 404, 32, "Requested item wasn't found!");
}

function profileInfo(profile: DeviceProfile | undefined) {
  if (profile === undefined) return null;
  const { name, transportType = "DEFAULT" } = profile;
  return { id: profileId(tenantOf(profile), name), name, type: "DEFAULT", transportType };
}

function profileBody(profile: DeviceProfile, isDefault: boolean) {
  const { provisionType, provisionDeviceKey = null, provisionDeviceSecret = null } = profile;
  const provisionConfiguration = { type: provisionType, provisionDeviceSecret };
  const profileData = { provisionConfiguration };
  return { ...profileInfo(profile), default: isDefault, provisionType, provisionDeviceKey, profileData };
}

function profileInfos(query: URLSearchParams, server: Server): HttpAnswer {
  if (!query.has("pageSize")) {
    return apiError(
      server,
      500,
      2,
      "Required request parameter 'pageSize' for method parameter type int is not present",
    );
  }
  const wanted = query.get("textSearch")?.toLowerCase() ?? "";
  const data = profilesOf(server).filter(({ name }) => name.toLowerCase().includes(wanted));
  return json({ data: data.map(profileInfo), totalPages: 1, totalElements: data.length, hasNext: false });
}

/** Of what a profile can hold, that which makes its devices; transport and payload are the default ones. */
function create(body: Readonly<Record<string, unknown>>, server: Server, chains: RuleChains): HttpAnswer {
  const { name, provisionType: type, provisionDeviceKey } = body;
  if (typeof name !== "string" || name === "") {
    return apiError(server, 400, 31, "Device profile name should be specified!");
  }
  const { provisionDeviceSecret } = objectOf(objectOf(body["profileData"])["provisionConfiguration"]);
  const chain = objectOf(body["defaultRuleChainId"])["id"];
  const [first] = profilesOf(server);
  const profile: DeviceProfile = {
    name,
    ...(first?.tenant === undefined ? {} : { tenant: first.tenant }),
    provisionType: provisionTypeOf(type),
    ...(typeof provisionDeviceKey === "string" ? { provisionDeviceKey } : {}),
    ...(typeof provisionDeviceSecret === "string" ? { provisionDeviceSecret } : {}),
    ...(server.peculiarities.runsDeviceIdChain && chains.tellsDeviceId(chain) ? { deviceIdAfter: 0 } : {}),
  };
  try {
    server.database.addProfile(profile);
  } catch (error) {
    if (!(error instanceof NotUnique)) throw error;
    const isTaken = server.database.profile(tenantOf(profile), name) !== undefined;
    const what = isTaken ? "name" : "provision device key";
    return apiError(server, 400, 31, `Device profile with such ${what} already exists!`);
  }
  if (typeof chain === "string") chains.use(chain, idOf(profile));
  return json(profileBody(profile, false));
}

function provisionTypeOf(type: unknown): ProvisionType {
  return provisionTypes.find((known) => known === type) ?? "DISABLED";
}

function remove(profile: DeviceProfile, server: Server, chains: RuleChains): HttpAnswer {
  if (profile === profilesOf(server)[0]) {
    return apiError(server, 400, 31, "Deletion of Default Device Profile is prohibited!");
  }
  const isUsed = [...server.database.devices].some((device) => server.database.profileOf(device) === profile);
  if (isUsed) {
    return apiError(server, 400, 31, "The device profile referenced by the devices cannot be deleted!");
  }
  server.database.removeProfile(profile);
  chains.release(idOf(profile));
  return { status: 200, body: "" };
}
