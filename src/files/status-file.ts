import { join } from "node:path";
import { ProvisioningStatus } from "../model/provisioning-status.ts";
import { readBounded } from "./disk/bounded-read.ts";
import { replaceFile, replaceFileLoosely } from "./disk/durable-files.ts";
import { during } from "./disk/file-error.ts";
import type { FileSystem } from "./disk/file-system.ts";
import type { Rights } from "./disk/rights.ts";
import { statusName } from "./file-names.ts";

/** Everybody may read it: it holds no secret, and monitoring runs as another user. */
const rights: Rights = { mode: 0o644 };
const limit = 64 * 1024;

/** A run goes through many states, and losing one loses nothing: only the `final` one is worth waiting for the disk. */
export function writeStatus(
  fs: FileSystem,
  directory: string,
  status: ProvisioningStatus,
  { final }: { readonly final: boolean },
): void {
  const path = join(directory, statusName);
  const bytes = new TextEncoder().encode(`${JSON.stringify(encodeStatus(status), null, 2)}\n`);
  during(`writing ${path}`, () => {
    if (final) replaceFile(fs, path, bytes, { rights });
    else replaceFileLoosely(fs, path, bytes, rights);
  });
}

/** The last known status; undefined where there is none, or none that can be understood. */
export function readStatus(fs: FileSystem, directory: string): ProvisioningStatus | undefined {
  const path = join(directory, statusName);
  const reading = during(`reading ${path}`, () => readBounded(fs, path, limit));
  return reading.kind === "read" ? decodeStatus(reading.bytes) : undefined;
}

/** As the specification names it, in the status file and in the command's output. */
export function encodeStatus(status: ProvisioningStatus): Record<string, unknown> {
  const { completedAt, nextTryAt, lastError } = status;
  return {
    current_state: status.currentState,
    started_at: status.startedAt.toISOString(),
    round_started_at: status.roundStartedAt.toISOString(),
    ...(completedAt === undefined ? {} : { completed_at: completedAt.toISOString() }),
    ...(nextTryAt === undefined ? {} : { next_try_at: nextTryAt.toISOString() }),
    error_count: status.errorCount,
    ...(lastError === undefined ? {} : { last_error: lastError }),
    device_name: status.deviceName,
    correlation_id: status.correlationId,
  };
}

function decodeStatus(bytes: Uint8Array): ProvisioningStatus | undefined {
  const checked = ProvisioningStatus(parse(bytes));
  return checked.ok ? checked.value : undefined;
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}
