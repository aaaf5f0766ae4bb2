import { join } from "node:path";
import { nodeFileSystem } from "../../files/disk/file-system.ts";
import { ProvisioningError } from "../../model/errors.ts";
import { hasPassword } from "../../station/ledger/postgres.ts";
import type { RunOptions } from "../../station/run/prepare-run.ts";
import { Station } from "../../station/station.ts";
import { type Arguments, type ExitStatus, UsageError } from "../command/command.ts";
import { choice, flag, json, number, text } from "../command/option-kinds.ts";
import type { Io } from "../io.ts";
import { reportFailures } from "../report/report-failures.ts";

/** Where the ledger is. */
export const ledgerOptions = {
  ledger: text(
    "--ledger <place>",
    "a file, or postgres://USER@HOST/DATABASE (default: station.sqlite)",
    "station.sqlite",
  ),
  ledgerPasswordFile: text("--ledger-password-file <file>", "the database's password; default: libpq's PGPASSFILE"),
  json,
};

/** What opens the secrets in it. */
export const keyOptions = {
  ledgerKeyFile: text("--ledger-key-file <file>", "32 bytes in base64, the same on every bench (mode 0600)"),
  plainLedger: flag("--plain-ledger", "keep the secrets in the ledger as they are, without a key"),
};

/** The server, and where the cameras' files go. */
export const serverOptions = {
  provisionFile: text(
    "--provision-file <file>",
    "server, TLS, key and secret (default: provision.json)",
    "provision.json",
  ),
};

export const outputOptions = {
  output: text("--output <folder>", "the folder of the cameras' folders (default: cameras)", "cameras"),
  template: text("--template <file>", "the thermal_config.json that every camera's begins as"),
  withProvisionJson: flag("--with-provision-json", "let each camera prove its device itself at its first start"),
};

export const restOptions = {
  restUrl: text("--rest-url <url>", "the server's web address, to make devices over REST"),
  apiKeyFile: text("--api-key-file <file>", "the API key of a tenant administrator (mode 0600)"),
  deviceProfile: text("--device-profile <name>", "the profile of new devices (default: the tenant's default)"),
};

export const runOptions = {
  method: choice(
    "--method <method>",
    "how devices are made; default: registration with --rest-url",
    ["registration", "provisioning"],
    undefined,
  ),
  concurrency: number("--concurrency <number>", "cameras at once, at most (default: 20)", {
    least: 1,
    most: 200,
    whole: true,
    absent: 20,
  }),
  station: text("--station <name>", "the name of this bench in the ledger (default: that of the machine)"),
};

type LedgerUse = (station: Station) => Promise<ExitStatus>;

/** Opens the ledger for `act`, and reports what fails in the form that was asked for. */
export async function withStation(args: Arguments, io: Io, act: LedgerUse, create = false): Promise<ExitStatus> {
  const forPeople = !args.of(json);
  return reportFailures(io, { forPeople, here: "bench" }, async () => {
    const ledger = args.of(ledgerOptions.ledger);
    if (hasPassword(ledger)) {
      throw new UsageError("--ledger: a password there is seen by all; use --ledger-password-file or PGPASSFILE");
    }
    await using station = await Station.open({
      ledger,
      create,
      signal: io.signal,
      clock: io.clock,
      ...given("ledgerPasswordFile", args.of(ledgerOptions.ledgerPasswordFile)),
      ...ledgerKey(args, io),
      plainLedger: args.of(keyOptions.plainLedger),
      onLedgerAway: (error) => io.err(`${error.errorCode}: ${error.message}; waiting for it\n`),
    });
    return await act(station);
  });
}

/** The key's file, or systemd's credential `ledger_key`. */
function ledgerKey(args: Arguments, io: Io) {
  const named = args.of(keyOptions.ledgerKeyFile);
  if (named !== undefined) return { ledgerKeyFile: named };
  const kept = args.of(keyOptions.plainLedger) ? undefined : credential(io, "ledger_key");
  return kept === undefined ? {} : { ledgerKeyFile: kept, keyIsKept: true };
}

/** The API key's file, or systemd's credential `api_key`. */
export function restOf(args: Arguments, io: Io): Partial<RunOptions> {
  const named = args.of(restOptions.apiKeyFile);
  const kept = named === undefined ? credential(io, "api_key") : undefined;
  return {
    ...given("restUrl", args.of(restOptions.restUrl)),
    ...given("apiKeyFile", named ?? kept),
    ...(kept === undefined ? {} : { apiKeyIsKept: true }),
    ...given("deviceProfile", args.of(restOptions.deviceProfile)),
  };
}

/** What systemd keeps for this service (LoadCredential=). */
function credential({ environment }: Io, name: string): string | undefined {
  const folder = environment["CREDENTIALS_DIRECTORY"];
  if (folder === undefined || folder === "") return undefined;
  const path = join(folder, name);
  return nodeFileSystem.lstat(path) === undefined ? undefined : path;
}

export function given<Key extends string, Value>(key: Key, value: Value | undefined): { [K in Key]?: Value } {
  const made: { [K in Key]?: Value } = {};
  if (value !== undefined) made[key] = value;
  return made;
}

export function unknownSerial(serial: string): ProvisioningError {
  return new ProvisioningError("USAGE", `the ledger has no camera ${serial}`);
}
