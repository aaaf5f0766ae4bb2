import type { Command } from "../command/command.ts";
import { choice, flag, json, number, text, texts } from "../command/option-kinds.ts";

const options = {
  port: number("-p, --port <number>", "where to listen; 0 takes any free port (default: 1883, with TLS 8883)", {
    least: 0,
    most: 65_535,
    whole: true,
    absent: undefined,
  }),
  host: text("--host <address>", "the address to listen at (default: 127.0.0.1, this machine only)", "127.0.0.1"),
  strategy: choice(
    "--strategy <strategy>",
    "how the device profile provisions; default: allow-create",
    ["allow-create", "check-pre-provisioned", "x509-chain", "disabled"],
    undefined,
  ),
  key: text("--key <key>", "the profile's provision device key"),
  secret: text("--secret <secret>", "the profile's provision device secret"),
  authority: text("--authority <file>", "x509-chain: the certificate of the authority (PEM)"),
  versionOfServer: text(
    "--version-of-server <version>",
    "the ThingsBoard to be, such as 4.2.1; one that was not recorded behaves as the newest before it (default: the newest)",
  ),
  device: texts("--device <name[=token]>", "a device that is registered already; may be given again and again"),
  config: text("--config <file>", "profiles, tenants, devices and limits, as JSON (schema/simulator.schema.json)"),
  scenario: text("--scenario <file>", "what goes wrong, and when: a file, or the name of a ready scenario"),
  listScenarios: flag("--list-scenarios", "the ready scenarios, a sentence each; nothing is started"),
  state: text("--state <file>", "keep the devices in this file from one run to the next"),
  record: text("--record <file>", "write a transcript of everything into this file at the end"),
  http: number("--http <port>", "serve a page and JSON about it all, and provisioning by HTTP; 0 takes any free port", {
    least: 0,
    most: 65_535,
    whole: true,
    absent: undefined,
  }),
  httpHost: text("--http-host <address>", "the address of --http, whatever --host is (default: 127.0.0.1)"),
  tlsCert: text("--tls-cert <file>", "speak TLS with this certificate (PEM)"),
  tlsKey: text("--tls-key <file>", "the certificate's private key (PEM)"),
  json,
  showSecrets: flag("--show-secrets", "do not mask keys, secrets and tokens in what is shown"),
};

export const simulator: Command = {
  name: "simulator",
  summary: "An embedded ThingsBoard for rehearsals: prints its address, its devices and every exchange.",
  details: `Runs until Ctrl-C. Key and secret are for rehearsals only: everybody on this machine can see them in
the list of processes. State and transcript hold tokens: new files are for their owner only.`,
  options: Object.values(options),

  async run(args, io) {
    const { simulate } = await import("../bundles/simulator.ts");
    const choices = {
      port: args.of(options.port),
      host: args.of(options.host),
      httpPort: args.of(options.http),
      httpHost: args.of(options.httpHost),
      strategy: args.of(options.strategy),
      key: args.of(options.key),
      secret: args.of(options.secret),
      authority: args.of(options.authority),
      version: args.of(options.versionOfServer),
      devices: args.of(options.device),
      scenario: args.of(options.scenario),
      config: args.of(options.config),
      listScenarios: args.of(options.listScenarios),
      state: args.of(options.state),
      record: args.of(options.record),
      tlsCert: args.of(options.tlsCert),
      tlsKey: args.of(options.tlsKey),
      json: args.of(options.json),
      showSecrets: args.of(options.showSecrets),
    };
    try {
      return await simulate(choices, io);
    } catch (error) {
      // Loaded only now: it would take a tenth of the start.
      const { reportFailures } = await import("../bundles/camera.ts");
      return reportFailures(io, { forPeople: !choices.json }, () => Promise.reject(error));
    }
  },
};
