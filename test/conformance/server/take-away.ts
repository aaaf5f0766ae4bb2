import { systemClock } from "../../../src/base/clock.ts";
import { milliseconds } from "../../../src/base/duration.ts";
import type { Administrator } from "./administrator.ts";
import type { Belonging, Belongings } from "./belongings.ts";

/** What was taken away, and what the server did not let go, in words. */
export interface TakenAway {
  readonly devices: number;
  readonly things: number;
  readonly left: readonly string[];
}

/** A device that was asked for may come to be as long as its profile is there. */
const pause = milliseconds(200);
const mostLooks = 25;

const paths = {
  deviceProfile: { one: "/deviceProfile", list: "/deviceProfileInfos" },
  ruleChain: { one: "/ruleChain", list: "/ruleChains" },
} as const;

/** Takes away what the kit has made: the newest first, of each profile its devices before. What fails stays written down. */
export async function takeAway(administrator: Administrator, belongings: Belongings): Promise<TakenAway> {
  const left: string[] = [];
  let [devices, things] = [0, 0];
  for (const belonging of belongings.all.toReversed()) {
    try {
      const id = await idOf(administrator, belonging);
      if (id !== undefined) {
        devices += await remove(administrator, belonging, id);
        things++;
      }
      belongings.forget(belonging);
    } catch (error) {
      left.push(`${belonging.name}: ${error instanceof Error ? error.message : error}`);
    }
  }
  return { devices, things, left };
}

/** Undefined: it is not there. What has the id and another name is none of the kit's. */
async function idOf(administrator: Administrator, { kind, name, id }: Belonging): Promise<string | undefined> {
  if (id === null) return administrator.idOf(paths[kind].list, name);
  const found = await administrator.nameOf(paths[kind].one, id);
  if (found !== undefined && found !== name) throw new Error(`${id} has another name on the server, ${found}`);
  return found === undefined ? undefined : id;
}

/** Gives how many devices went with it. */
async function remove(administrator: Administrator, { kind, name }: Belonging, id: string): Promise<number> {
  let devices = 0;
  for (let idle = 0; ; ) {
    const gone = kind === "deviceProfile" ? await removeDevices(administrator, name, id) : 0;
    devices += gone;
    const refused = await administrator.remove(`${paths[kind].one}/${id}`);
    if (refused === undefined) return devices;
    if (gone === 0 && ++idle === mostLooks) throw new Error(refused);
    if (gone === 0) await systemClock.sleep(pause);
  }
}

async function removeDevices(administrator: Administrator, profileName: string, profileId: string): Promise<number> {
  const devices = await administrator.devicesOf(profileName);
  for (const device of devices) {
    if (device.profileId !== profileId) throw new Error(`the device ${device.name} is of another profile`);
    const reason = await administrator.remove(`/device/${device.id}`);
    if (reason !== undefined) throw new Error(reason);
  }
  return devices.length;
}
