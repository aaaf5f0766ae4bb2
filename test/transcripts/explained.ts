import { createHash } from "node:crypto";
import type { Recording } from "./recording.ts";

/**
 * Recordings that the simulator deliberately does not answer to the byte, and why. By what they hold: a recording of
 * somebody else that has the same name is none of these.
 */
export const explained: Readonly<Record<string, string>> = {
  // 3.9.1, credentials-changed-while-connected
  fbfb396b4b496cc5f2dbb4da953237776db995cb4c1f93db2b017d411340a808:
    "this one session was still open 3 s after the change of its token; the four others that were recorded were closed",
};

export function contentOf({ version, packets, connections }: Recording): string {
  const hash = createHash("sha256").update(`${version}\n`);
  for (const { sent, connection, bytes } of packets) hash.update(`${sent} ${connection} ${bytes.toString("hex")}\n`);
  return hash.update(connections.map(({ endedBy }) => endedBy).join()).digest("hex");
}

/** Recordings without packets. */
export const withoutPackets: Readonly<Record<string, string>> = {
  "http-provision": "HTTP: compared in test/simulator/http/http.test.ts",
  "load-figures": "how long a server takes is no behaviour of the protocol",
  "device-id-figures": "how long a rule chain takes is no behaviour of the protocol",
};
