import type { Server } from "../server/server.ts";
import { sha3 } from "../tenant/credentials.ts";
import { type DeviceProfile, tenantOf } from "../tenant/device-profile.ts";

/** The profiles of the tenant that the administrator belongs to, the default one first. */
export function profilesOf({ database }: Server): readonly DeviceProfile[] {
  const [first, ...others] = database.profiles;
  if (first === undefined) return [];
  return [first, ...others.filter((profile) => tenantOf(profile) === tenantOf(first))];
}

/** Profiles of the simulator have no id of their own: it is made of what is unique about them. */
export function idOf(profile: DeviceProfile): string {
  return profileId(tenantOf(profile), profile.name).id;
}

export function profileId(tenant: string, name: string) {
  const digits = sha3(`${tenant}/${name}`);
  const id = `${digits.slice(0, 8)}-${digits.slice(8, 12)}-4${digits.slice(13, 16)}-8${digits.slice(17, 20)}-${digits.slice(20, 32)}`;
  return { entityType: "DEVICE_PROFILE", id };
}
