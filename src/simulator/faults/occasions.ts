/** Where something can go wrong, and what it is in a sentence. */
export const occasions = {
  connection: "a TCP connection",
  connect: "any CONNECT",
  probe: "a CONNECT with device credentials",
  subscribe: "a SUBSCRIBE",
  request: "a provisioning request",
  attributes: "a request of attributes",
} as const;

export type OccasionKind = keyof typeof occasions;

export const occasionKinds = [
  "connection",
  "connect",
  "probe",
  "subscribe",
  "request",
  "attributes",
] as const satisfies readonly OccasionKind[];

/**
 * When a fault happens. `nth` counts the occasions of that kind, with `deviceName` only those of that device, over the
 * simulator's whole life and starts at 1, which is the default; `every` means each of them.
 */
export interface Occasion {
  readonly on: OccasionKind;
  readonly nth?: number | "every";
  readonly deviceName?: string;
}
