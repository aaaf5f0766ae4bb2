import type { Clock } from "../base/clock.ts";
import type { Randomness } from "../base/randomness.ts";
import type { NewDevice } from "./administration.ts";
import type { Behaviour } from "./faults/behaviours.ts";
import type { AddressBlockOptions } from "./mqtt/address-block.ts";
import type { DeviceProfile } from "./tenant/device-profile.ts";
import type { RateLimits } from "./tenant/rate-limits.ts";
import type { SimulatorState } from "./tenant/state.ts";
import type { ServerVersion } from "./versions.ts";

/** How a simulator is set up. Everything has a default; times are in milliseconds. */
export interface SimulatorOptions {
  /** Default 127.0.0.1: only this machine. */
  readonly host?: string;
  /** Default 0: any free port. */
  readonly port?: number;
  /** A port for HTTP as well: the device API to provision by, and a page for testers. 0: any free one. Default: none. */
  readonly httpPort?: number;
  /** Where HTTP listens, whatever `host` is: the page shows every token. Default 127.0.0.1: only this machine. */
  readonly httpHost?: string;
  /** PEM texts; with them the port speaks TLS. A client certificate is asked for and not demanded, as by the server. */
  readonly tls?: { readonly key: string; readonly cert: string };
  /** Which server it is. Default: the newest. */
  readonly version?: ServerVersion;
  /** Default: `defaultProfile`, which lets every camera in. */
  readonly profiles?: readonly DeviceProfile[];
  /** Devices that are registered already. Those that `state` has, by their names, are left as they are there. */
  readonly devices?: readonly NewDevice[];
  /** Devices of an earlier life, as `Simulator.state` gave them. Default: none. */
  readonly state?: SimulatorState;
  /** What goes wrong, and when. Default: nothing. */
  readonly scenario?: readonly Behaviour[];
  /** How long the server takes for a request, a CONNECT of a device, an attribute request. Default 0. */
  readonly latency?: { readonly request?: number; readonly connect?: number; readonly attributes?: number };
  /** Rate limits for each device, as in a tenant profile. Default: none. */
  readonly rateLimits?: RateLimits;
  /** Blocks addresses after wrong credentials. Default: off, as on a server. */
  readonly addressBlock?: AddressBlockOptions;
  /** How many devices there may be. Default: any number. */
  readonly deviceLimit?: number;
  /** How many exchanges `heard` remembers. Default 10,000. */
  readonly remember?: number;
  readonly clock?: Clock;
  readonly randomness?: Randomness;
}
