import * as v from "valibot";
import { type DeviceProfile, parseState, type SimulatorState } from "../../src/simulator/index.ts";
import { profileEntries } from "../../src/simulator/options/options-schema.ts";
import type { KnownDevice } from "./knowledge.ts";
import { Mistake } from "./mistake.ts";

/** Profiles and devices that were there when a recording began. */
export interface RecordedServer {
  readonly profiles: readonly DeviceProfile[];
  readonly state: SimulatorState;
}

const schema = v.object({ profiles: v.array(v.strictObject(profileEntries)), state: v.unknown() });

/** Undefined: the recording does not say it. Throws Mistake when what it says cannot be read. */
export function serverOf(recorded: unknown): RecordedServer | undefined {
  if (recorded === undefined) return undefined;
  const parsed = v.safeParse(schema, recorded);
  const state = parsed.success ? parseState(parsed.output.state) : undefined;
  if (!parsed.success || !state?.ok) throw new Mistake("what a recording says of its server cannot be read");
  return { profiles: parsed.output.profiles, state: state.value };
}

/** Its devices as what else tells of devices has them. */
export function knownDevices({ state }: RecordedServer): KnownDevice[] {
  return state.devices.map(({ name, profile, gateway, credentials, attributes }) => {
    const { provisionState } = attributes.server;
    return {
      name,
      profile,
      gateway,
      credentials,
      provisionState: typeof provisionState === "string" ? provisionState : null,
    };
  });
}
